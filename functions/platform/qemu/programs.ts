import { Failure } from '../failure.ts'
import { findProgram, programDirectories } from '../process/programs.ts'
import { run } from '../process/run.ts'

/** The programs of one QEMU. */
export interface QemuPrograms {
  /** `qemu-system-x86_64` */
  system: string
  /** `qemu-img` */
  image: string
  /** As it names itself: `10.0.2`. */
  version: string
}

/** Without KVM, 7.2 and older mistranslate newer guests: a Debian 13 guest gets soft lockups and stray debug exceptions. */
const oldestMajor = 8

/** The first number of `QEMU emulator version 10.0.2 (Debian ...)`, with the whole version; undefined for anything else. */
export function parseQemuVersion(text: string): { version: string; major: number } | undefined {
  const [, version = '', major = ''] = /^QEMU emulator version ((\d+)\.\d+(?:\.\d+)?)/.exec(text) ?? []
  return version === '' ? undefined : { version, major: Number(major) }
}

/** Finds QEMU on this machine. @throws Failure of kind `config` where it is missing or too old. */
export async function findQemu(env: NodeJS.ProcessEnv): Promise<QemuPrograms> {
  const directories = await programDirectories(env)
  const system = await findProgram('qemu-system-x86_64', directories)
  const image = await findProgram('qemu-img', directories)
  if (system === undefined || image === undefined) throw unusable('QEMU is not installed')
  const { stdout } = await run({ command: system, args: ['--version'], env: {}, timeoutMs: 30_000 })
  const found = parseQemuVersion(stdout)
  if (found === undefined) throw unusable(`${system} does not say its version`)
  if (found.major < oldestMajor) {
    throw unusable(
      `QEMU ${found.version} mistranslates the code of newer guests; ${oldestMajor}.0 is the oldest that may be used`,
    )
  }
  return { system, image, version: found.version }
}

function unusable(message: string): Failure {
  return new Failure(message, {
    kind: 'config',
    subject: 'qemu',
    hint: 'Run `tools/setup --images`: on Debian 12 it takes QEMU from bookworm-backports, elsewhere the distribution has it.',
  })
}
