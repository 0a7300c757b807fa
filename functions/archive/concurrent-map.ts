/**
 * Maps what arrives, with at most `limit` at work, and returns the results in the order of arrival. The first failure stops
 * the source and is thrown when everything begun has ended.
 */
export async function mapConcurrently<In, Out>(
  items: AsyncIterable<In> | Iterable<In>,
  limit: number,
  map: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const source = each(items)
  const results: Out[] = []
  let arrived = 0
  let stopped = false
  const runners = Array.from({ length: limit }, async () => {
    try {
      while (!stopped) {
        const next = await source.next()
        if (next.done) return
        const place = arrived++
        results[place] = await map(next.value)
      }
    } catch (error) {
      stopped = true
      throw error
    }
  })
  const ended = await Promise.allSettled(runners)
  await source.return(undefined)
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return results
}

async function* each<In>(items: AsyncIterable<In> | Iterable<In>): AsyncGenerator<In> {
  yield* items
}
