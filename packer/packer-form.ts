/**
 * Which Packer a template is for: `current` is 1.11 or newer, with plugins by `packer init`; `legacy` is Debian's 1.6.6, which
 * has them built in.
 */
export type PackerForm = 'current' | 'legacy'
