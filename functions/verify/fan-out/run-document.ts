import { z } from 'zod'
import { maxFindings } from '../../archive/evidence.ts'
import type { SetAddress } from '../../archive/keys.ts'
import { ballastVersion } from '../../archive/version.ts'
import { Failure } from '../../platform/failure.ts'

const count = z.number().int().nonnegative()

const schema = z.strictObject({
  format: z.literal(1),
  ballast: z.string(),
  cluster: z.string(),
  database: z.string(),
  set: z.string(),
  startedMs: count,
  /** When the plan was there: what came before is the check. */
  checkedMs: count,
  manifestSha256: z.string(),
  /** What was found before anything was restored. */
  findings: z
    .array(
      z.strictObject({
        subject: z.string(),
        problem: z.string(),
        expected: z.string().optional(),
        actual: z.string().optional(),
      }),
    )
    .max(maxFindings),
  findingsTotal: count,
  notes: z.array(z.string()),
  /** What took the place of the source's locale; absent where that was there. */
  localeNote: z.string().optional(),
  /** Roles of the server that are not the set's, and those that the run makes. */
  foreignRoles: z.array(z.string()),
  madeRoles: z.array(z.string()),
})

/** What a run knows from its start on, kept in its database. */
export type RunDocument = z.infer<typeof schema>

/** @throws Failure `permanent` for one of another set, or that another version made. */
export function runDocument(text: string, address: SetAddress): RunDocument {
  const parsed = schema.safeParse(JSON.parse(text))
  const document = parsed.data
  if (document?.ballast !== ballastVersion) throw refused('was begun by another version of Ballast', address)
  if (document.set !== address.set || document.database !== address.database || document.cluster !== address.cluster)
    throw refused(`is of the set ${document.set} of ${document.cluster}/${document.database}`, address)
  return document
}

/** The roles that a run has made, whatever version has begun it. */
export function madeRolesOf(run: { document: string } | undefined): string[] {
  return run === undefined ? [] : schema.pick({ madeRoles: true }).strip().parse(JSON.parse(run.document)).madeRoles
}

function refused(what: string, { set }: SetAddress): Failure {
  return new Failure(`what is being restored there ${what}`, {
    ...{ kind: 'permanent', subject: set, code: 'OtherRun' },
    hint: 'Drop that database, or give it the time to be finished; then start again.',
  })
}
