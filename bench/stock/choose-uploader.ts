import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline as streamed } from 'node:stream/promises'
import { Failure } from '../../functions/platform/failure.ts'
import { findProgram } from '../../functions/platform/process/programs.ts'
import { run } from '../../functions/platform/process/run.ts'
import { pipeline } from '../measure/command.ts'
import { runMeasured } from '../measure/run-measured.ts'
import type { UploaderTrial } from '../results.ts'
import type { Workshop } from '../workshop.ts'
import { emptyStore, placeOf } from './place.ts'
import { type Uploader, uploaders } from './uploaders.ts'

const trials = 2
const blockBytes = 1024 * 1024

/** Tries every stock uploader that is installed, and chooses the one that uploads a pipe of that many MiB soonest. */
export async function chooseUploader(
  workshop: Workshop,
  mebibytes: number,
): Promise<{ uploader: Uploader; trials: UploaderTrial[] }> {
  const place = placeOf(workshop, 'sample', 'upload')
  await streamed(Readable.from(randomBlocks(mebibytes)), createWriteStream(place.files))
  const tried: { uploader: Uploader; trial: UploaderTrial }[] = []
  for (const uploader of uploaders) {
    if ((await findProgram(uploader.program, workshop.path.split(':'))) === undefined) continue
    const trial = await tryUploader(workshop, uploader, place.files, `${workshop.sandbox.s3.bucket}/${place.prefix}`)
    workshop.say(
      `Uploading ${mebibytes} MiB from a pipe: ${trial.name}: ${trial.seconds.toFixed(2)} s, CPU ${trial.cpuSeconds.toFixed(2)} s`,
    )
    tried.push({ uploader, trial })
    await emptyStore(workshop, place)
  }
  const [fastest] = tried.toSorted((a, b) => a.trial.seconds - b.trial.seconds)
  if (fastest) return { uploader: fastest.uploader, trials: tried.map(({ trial }) => trial) }
  throw new Failure('there is no stock S3 client to compare with', {
    kind: 'config',
    subject: 'uploader',
    hint: 'Install rclone (`apt-get install rclone`) or the AWS command line.',
  })
}

async function tryUploader(workshop: Workshop, uploader: Uploader, file: string, target: string): Promise<UploaderTrial> {
  const env = { PATH: workshop.path, ...uploader.env(workshop.sandbox.s3), FILES: file, TARGET: `${target}/object` }
  const { stdout } = await run({
    command: '/bin/bash',
    args: ['--norc', '-c', `${uploader.program} "$@"`, 'bench', ...uploader.versionArgs],
    env,
  })
  const usages = []
  for (let trial = 0; trial < trials; trial += 1) {
    usages.push(await runMeasured(pipeline(`cat "$FILES" | ${uploader.uploadPipe}`, env), workshop.around))
  }
  const [best] = usages.toSorted((a, b) => a.seconds - b.seconds)
  return {
    name: uploader.name,
    version: stdout.split('\n')[0] ?? '',
    seconds: best?.seconds ?? Number.NaN,
    cpuSeconds: best?.clientCpuSeconds ?? Number.NaN,
  }
}

function* randomBlocks(count: number): Generator<Buffer> {
  for (let block = 0; block < count; block += 1) yield randomBytes(blockBytes)
}
