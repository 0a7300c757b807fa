import type { Json, JsonObject } from './json.ts'

/** Variables of a template by name, each as HCL2 JSON has it. */
export type Variables = Readonly<Record<string, JsonObject>>

/** A variable; one without a default must be given to every build. */
export function variable(description: string, type: string, preset?: Json): JsonObject {
  return { description, type, ...(preset === undefined ? {} : { default: preset }) }
}

/** A text that a build is given, or the definition's own where it has one. */
export function text(description: string, preset?: string): JsonObject {
  return variable(description, 'string', preset)
}

/** A secret that comes from the environment of the build: Packer hides it in its output, and no file holds it. */
export function secretFromEnvironment(description: string, name: string): JsonObject {
  return { ...text(description, `\${env("${name}")}`), sensitive: true }
}

/** What every build is given. */
export function commonVariables(): Variables {
  return {
    commit: text('Commit of the project that the image is made from.'),
    date: {
      ...text('When the image is made, in UTC: 2026-11-26T22:00:00Z.'),
      validation: [
        {
          // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of HCL.
          condition: '${can(formatdate("YYYY", var.date))}',
          error_message: 'The date must be written as in 2026-11-26T22:00:00Z.',
        },
      ],
    },
    image_scripts: text("Directory of the project's image-scripts; the one of this project where it is empty.", ''),
    manifest: text('File that Packer writes what it made to.', 'packer-manifest.json'),
  }
}
