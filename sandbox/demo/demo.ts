import { cutReplica } from './cut-replica.ts'
import { copyElsewhere, planPrune } from './keep-steps.ts'
import { keepWriting } from './keep-writing.ts'
import type { DemoScene } from './scene.ts'
import { backUp, backUpAgain, findDamage, loadSample, prove, restoreAside } from './steps.ts'
import { writeStatus } from './write-status.ts'

/** One line of the demo's story: what was done, what came of it, and how long it took. */
export interface DemoStep {
  step: string
  result: string
  seconds: number
}

export interface DemoOptions extends DemoScene {
  /** Called before each step. */
  onStep(name: string): void
  /** Called after it. */
  onResult(step: DemoStep): void
}

/**
 * The main job on real servers, start to end: an application writes through PgBouncer all the while, the standby is
 * backed up, the backup proven, restored, and a damaged copy of it found out. Any step that is not as it should be throws.
 */
export async function runDemo(options: DemoOptions): Promise<DemoStep[]> {
  const steps: DemoStep[] = []
  const step = async <T>(name: string, work: () => Promise<T>, words: (value: T) => string): Promise<T> => {
    options.signal.throwIfAborted()
    options.onStep(name)
    const startedMs = Date.now()
    const value = await work()
    const done = { step: name, result: words(value), seconds: (Date.now() - startedMs) / 1000 }
    steps.push(done)
    options.onResult(done)
    return value
  }
  const asIs = (words: string): string => words

  await step('load through PgBouncer', () => loadSample(options), asIs)
  const writer = keepWriting(options.sandbox, options.signal)
  try {
    const backup = await step(
      'back up the standby, orders going on',
      () => backUp(options),
      ({ words }) => words,
    )
    await step('verify by restore, row by row', () => prove(options, backup.address), asIs)
    await step('restore into a new database', () => restoreAside(options, backup.address), asIs)
    await step('flip one byte in a copy, verify it', () => findDamage(options, backup.address), asIs)
    await step('copy the set to a second store', () => copyElsewhere(options, backup.address), asIs)
    await step('cut the replica off, connect it again', () => cutReplica(options), asIs)
    await step('back up and verify once more', () => backUpAgain(options), asIs)
    await step('plan what to delete, keeping the last', () => planPrune(options), asIs)
    await step('write the status page', () => writeStatus(options), asIs)
  } finally {
    await writer.stop()
  }
  return steps
}
