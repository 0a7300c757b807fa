import { drills as drillNames } from '../drills.ts'
import { integer, optional, preset } from './leaf.ts'
import { seconds, when } from './quantity.ts'
import { list, oneOf, section } from './section.ts'
import { line, slug } from './texts.ts'

const drills = section({
  /** From when on a drill is due, until the record of one is filed; never where it is left out. */
  schedule: optional(when('quarterly on 1 at 04:00')),
  /** Who does it then: people, or a timer on a sandbox of its own, which breaks nothing of the cluster. People where it is left out. */
  by: optional(oneOf('people', 'sandbox')),
  /** From when on a restore by a person is due, as in an emergency, until the record of one is filed. */
  restoreTest: optional(when('monthly on 1 at 09:00')),
  /** How long it may be due before the warning becomes an alarm. */
  grace: preset(seconds('7 days', { min: '1 hour' }), '7 days'),
  /** Drills that are not done, to be listed as such in the report. */
  skip: preset(list(oneOf(...drillNames)), []),
  /** Store that the records are filed to; the first backup store where it is left out. */
  store: optional(slug('main')),
})

const goals = section({
  /** From the decision to restore to the application's first query. */
  recoveryTime: preset(seconds('1 hour'), '1 hour'),
  /** Data that may be lost, as time before the failure. */
  recoveryPoint: preset(seconds('24 hours'), '24 hours'),
  /** From the promotion command to the first write. */
  firstWrite: preset(seconds('10 s'), '10 s'),
  /** Acknowledged rows that may be lost when the primary is. */
  lostRows: optional(integer(0, 1_000_000, 0)),
})

/** What is promised to the client, and who signs. */
export const handover = section({
  /** The client's name on the cover. */
  client: optional(line('Loja Exemplo Ltda.')),
  languages: preset(list(oneOf('pt-BR', 'en'), { min: 1, example: "'en'" }), ['pt-BR', 'en']),
  goals: preset(goals, {}),
  drills: preset(drills, {}),
  approvers: preset(list(section({ name: line('Ana Souza'), role: line('CTO') })), []),
})
