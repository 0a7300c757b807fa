/**
 * Places for labels: each as near to its own as the distance between them allows, all from `least` to `most`, in the given
 * order of the labels.
 */
export function spread(wanted: readonly number[], distance: number, least: number, most: number): number[] {
  const order = wanted.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at || a.index - b.index)
  const places = order.map(({ at }) => Math.min(Math.max(at, least), most))
  for (let index = 1; index < places.length; index++) {
    places[index] = Math.max(places[index] ?? 0, (places[index - 1] ?? 0) + distance)
  }
  let end = most
  for (let index = places.length - 1; index >= 0; index--) {
    places[index] = Math.min(places[index] ?? 0, end)
    end = (places[index] ?? 0) - distance
  }
  const spreadOut = new Array<number>(wanted.length)
  for (const [place, { index }] of order.entries()) spreadOut[index] = places[place] ?? 0
  return spreadOut
}
