/** Places in a list, in ascending order, as a short text: `0-39,57`. */
export function formatPlaces(places: readonly number[]): string {
  const ranges: string[] = []
  for (let at = 0; at < places.length; ) {
    const from = at
    while (places[at + 1] === (places[at] ?? 0) + 1) at += 1
    ranges.push(at === from ? `${places[from]}` : `${places[from]}-${places[at]}`)
    at += 1
  }
  return ranges.join(',')
}

/** Reads what {@link formatPlaces} wrote of a list of so many things; undefined for any other text. */
export function parsePlaces(text: string, count: number): number[] | undefined {
  const places: number[] = []
  for (const range of text.split(',')) {
    const [, from, to = from] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(range) ?? []
    const [first, last] = [Number(from), Number(to)]
    const follows = first > (places.at(-1) ?? -1)
    if (!follows || !(last >= first && last < count)) return undefined
    for (let place = first; place <= last; place += 1) places.push(place)
  }
  return places
}
