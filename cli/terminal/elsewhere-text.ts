import { counts, type Holder } from '../../functions/archive/held-sets.ts'

/** Where else a set lies, as one sentence or two for somebody whose own store has it damaged. */
export function elsewhereText(holders: readonly Holder[], unasked: readonly string[]): string {
  const compared = holders.filter(counts).map(({ store }) => store)
  const others = holders.filter(({ holding }) => holding === 'uncompared').map(({ store }) => store)
  const [best] = [...compared, ...others]
  const silent = unasked.length === 0 ? '' : ` ${unasked.join(', ')} did not answer.`
  if (best === undefined) return `No other store of the definition is known to hold this set.${silent}`
  const list = [...compared, ...others.map((store) => `${store} (not compared)`)].join(', ')
  return `This set is also in ${list}: add --store ${best}.${silent}`
}
