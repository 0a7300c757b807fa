import { content, type SealCheck } from './seal-check.ts'

/** Who could become whom. */
export const accountChecks: readonly SealCheck[] = [
  content(
    'passwords',
    /^\/etc\/g?shadow$/,
    (text) => {
      const open = text.split('\n').find((line) => line !== '' && !/^[^:]+:[!*]+(:|$)/.test(line))
      return open === undefined ? undefined : `'${open.split(':')[0]}' has a password, or needs none`
    },
    'Lock every account: write `!` in place of the hash.',
  ),
  content(
    'sudo-without-password',
    /^\/etc\/sudoers(\.d\/.+)?$/,
    (text) => {
      const line = text.split('\n').find((each) => /^[^#]*NOPASSWD/.test(each))
      return line === undefined ? undefined : `says '${line.trim()}'`
    },
    'Remove the rule: the first boot writes one for its own administrator.',
  ),
  content(
    'debconf-passwords',
    /^\/var\/cache\/debconf\/passwords\.dat/,
    (text) => (/^Value:\s*\S/m.test(text) ? 'holds an answer' : undefined),
    'Remove it: it holds passwords that packages asked for.',
  ),
]
