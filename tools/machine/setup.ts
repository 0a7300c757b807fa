import { toFailure } from '../../functions/platform/failure.ts'
import { findPython } from '../../functions/platform/python/python-environment.ts'
import { findK6, k6 } from '../k6/find.ts'
import { motoPython } from '../moto/build.ts'
import { findMoto, motoVersion } from '../moto/find.ts'
import { findVersitygw, versitygw } from '../versitygw/find.ts'
import { canInstall, installPackages } from './apt.ts'
import { backportsSuite, installBackports } from './backports.ts'
import { foundPrograms } from './found-programs.ts'
import { findGo, requireGo } from './go.ts'
import { buildGoProgram, type GoProgram } from './go-program.ts'
import { installCommand, missingRequirements } from './packages.ts'
import type { Purpose, Requirement } from './requirement.ts'
import { prepareTestTools } from './test-tools.ts'

/**
 * Brings to this machine what the demo needs, and says each thing it installs; with `--handover`, `--images`, `--test` or
 * `--bench` also what only the handover, baking images, the tests or the benchmarks need.
 * Exit code 1 when something is missing that it may not install; a missing S3 server, k6 or stand-in for AWS is only a warning.
 */
async function setUp(args: readonly string[]): Promise<number> {
  const purpose = purposeOf(args)
  const missing = await missingNow(purpose)
  if (missing.length > 0 && canInstall()) await install(missing)
  await prepareS3Server()
  if (purpose === 'handover' || purpose === 'test') await prepareK6()
  if (purpose === 'test') {
    await prepareAwsStandIn()
    await prepareTestTools(say)
  }
  const still = await missingNow(purpose)
  if (still.length === 0) return 0
  say('These are missing, and only root on Debian or Ubuntu can install them from here:')
  for (const { what, package: name } of still) say(`  ${what}: package ${name}`)
  say(`Install them with: ${installCommand(packagesOf(still), process.getuid?.() === 0)}`)
  return 1
}

function purposeOf(args: readonly string[]): Purpose | undefined {
  const purposes = ['bench', 'handover', 'images', 'test'] as const
  return purposes.find((purpose) => args.includes(`--${purpose}`))
}

async function prepareS3Server(): Promise<void> {
  if (await findVersitygw(process.env)) return
  try {
    await prepareGo(versitygw)
    say(`Building versitygw ${versitygw.version}, the S3 server of the sandbox (once; one to three minutes)`)
    await buildGoProgram(versitygw, process.env)
  } catch (error) {
    const { message, hint } = toFailure(error, 'versitygw')
    say(`There is no S3 server: ${message}`)
    say(`${hint} Until then \`npm start\` stores its backups in a directory, and tests that need S3 fail.`)
  }
}

async function prepareK6(): Promise<void> {
  if (await findK6(process.env)) return
  try {
    await prepareGo(k6)
    say(`Building k6 ${k6.version}, which makes load (once; one to three minutes)`)
    await buildGoProgram(k6, process.env)
  } catch (error) {
    const { message, hint } = toFailure(error, 'k6')
    say(`There is no k6: ${message}`)
    say(`${hint} Until then \`ballast loadtest\` and the tests that make load fail.`)
  }
}

async function prepareGo({ name, version }: GoProgram): Promise<void> {
  if (canInstall() && !(await findGo(process.env))) await install([{ package: 'golang-go', what: 'Go', programs: ['go'] }])
  await requireGo(process.env, `${name} ${version}`)
}

async function prepareAwsStandIn(): Promise<void> {
  if (await findMoto(process.env)) return
  try {
    if (canInstall() && !(await findPython(process.env))) {
      await install([{ package: 'python3-venv', what: 'Python with virtual environments', programs: ['python3'] }])
    }
    say(`Installing moto server ${motoVersion}, which stands in for AWS in tests (once; one to two minutes)`)
    await motoPython()
  } catch (error) {
    const { message, hint } = toFailure(error, 'moto')
    say(`There is no stand-in for AWS: ${message}`)
    say(`${hint} Until then the tests that talk to AWS services other than S3 fail.`)
  }
}

async function install(missing: readonly Requirement[]): Promise<void> {
  say(`Installing Debian packages: ${packagesOf(missing).join(', ')} (${missing.map(({ what }) => what).join('; ')})`)
  const newer = (await backportsSuite()) === undefined ? [] : missing.filter(({ backports }) => backports)
  await installPackages(packagesOf(missing.filter((one) => !newer.includes(one))))
  if (newer.length > 0) await installBackports(packagesOf(newer), say)
}

async function missingNow(purpose: Purpose | undefined): Promise<Requirement[]> {
  const wanted = missingRequirements(() => false, purpose).flatMap(({ programs }) => programs)
  const found = await foundPrograms(wanted, process.env)
  return missingRequirements((program) => found.has(program), purpose)
}

function packagesOf(requirements: readonly Requirement[]): string[] {
  return requirements.map((requirement) => requirement.package)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  process.exitCode = await setUp(process.argv.slice(2))
} catch (error) {
  const { message, hint } = toFailure(error, 'set-up')
  process.stderr.write(`The set-up failed: ${message}\n${hint}\n`)
  process.exitCode = 1
}
