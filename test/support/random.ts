/** So many numbers from 0 to 1 that look random, are spread evenly, and are the same for the same seed. */
export function randomFractions(seed: number, count: number): number[] {
  let state = seed >>> 0
  return Array.from({ length: count }, (_, index) => {
    // xorshift32: each number falls into its own slice, so that no part of a run is left out.
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (index + (state >>> 0) / 2 ** 32) / count
  })
}
