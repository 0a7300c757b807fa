import { throwIfAborted } from '../../functions/platform/abort.ts'
import { configFailure } from '../settings/config-failure.ts'
import { askYes } from './ask-yes.ts'

/**
 * Asks on the terminal; only `yes` is one.
 *
 * @param option what says yes without being asked.
 * @throws Failure of kind `config` for any other answer, and where nobody can be asked.
 */
export async function confirm(question: string, option: string, signal: AbortSignal): Promise<void> {
  const hint = `Give ${option} if it is meant.`
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw configFailure(`${question} Nobody can be asked here`, option, hint)
  if (await askYes(`${question} Type yes to go on: `, signal)) return
  throwIfAborted(signal, 'question')
  throw configFailure('this was not confirmed, and nothing was done', option, hint)
}
