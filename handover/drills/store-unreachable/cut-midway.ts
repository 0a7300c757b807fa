import { Failure } from '../../../functions/platform/failure.ts'
import type { RemovableStore, SiteStore } from '../../sites/site.ts'
import type { DrillScene } from '../drill.ts'
import { backUpNow } from '../drill-sets.ts'
import { answerOf, type StoreAnswer } from './ask-unreachable.ts'

/**
 * Takes the store away as soon as a backup has read its first rows, and says how the backup ends.
 *
 * @throws Failure when the backup was over before the store was away: nothing was shown then.
 */
export async function cutMidway(scene: DrillScene, store: RemovableStore): Promise<StoreAnswer> {
  const { record, signal } = scene
  let cutting: Promise<number> | undefined
  const cut = async (): Promise<number> => {
    await store.cut(signal)
    record.event('storeCut')
    return Date.now()
  }
  let publishedMs: number | undefined
  const answer = await answerOf('backupMidway', async () => {
    const { summary } = await backUpNow(scene, store.settings, () => {
      if (cutting !== undefined) return
      cutting = cut()
      // Heard below; until then the backup is waited for.
      cutting.catch(() => undefined)
    })
    publishedMs = Date.parse(summary.finishedAt)
  })
  const awayMs = await cutting
  signal.throwIfAborted()
  if (awayMs === undefined) throw answer.failure ?? tooEarly(store)
  if (publishedMs !== undefined && publishedMs <= awayMs) throw tooEarly(store)
  return answer
}

function tooEarly({ settings }: SiteStore): Failure {
  return new Failure('the backup was over before its store was away, so nothing was shown', {
    ...{ kind: 'transient', subject: settings.type },
    hint: 'Run the drill again.',
  })
}
