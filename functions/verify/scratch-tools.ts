import { type ClientTools, findCandidates, findClientTools } from '../platform/postgres/client-tools.ts'
import { CLIENT_PROGRAMS, SERVER_PROGRAMS, type ToolCandidate } from '../platform/postgres/tool-choice.ts'

/**
 * Stock tools to restore and compare with: those of the oldest version that takes the set and can also start a server,
 * because they are nearest to what wrote it; else the newest that are there.
 */
export async function findScratchTools(minMajor: number, env: NodeJS.ProcessEnv): Promise<ClientTools> {
  const nearest = chooseNearest(await findCandidates(env), minMajor)
  return await findClientTools(minMajor, nearest === undefined ? env : toolsFrom(nearest.directory, env))
}

/** An environment in which only this directory's tools are found, so that every step of a run uses the same. */
export function toolsFrom(directory: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, BALLAST_PG_BIN: directory }
}

/** Pure part: the oldest complete version that is new enough. */
export function chooseNearest(candidates: readonly ToolCandidate[], minMajor: number): ToolCandidate | undefined {
  const complete = candidates.filter(
    ({ major, programs }) =>
      major >= minMajor && [...CLIENT_PROGRAMS, ...SERVER_PROGRAMS].every((name) => programs.includes(name)),
  )
  return complete.sort((a, b) => a.major - b.major)[0]
}
