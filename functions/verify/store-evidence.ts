import { digestShareOf } from '../archive/digest-ages.ts'
import { type Evidence, serializeEvidence } from '../archive/evidence.ts'
import { type EvidenceVerdict, evidenceFile, type SetAddress, setPrefix } from '../archive/keys.ts'
import { Failure, toFailure } from '../platform/failure.ts'
import { conditionFailed } from '../platform/object-store/condition-failed.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'

const maxAttempts = 5
const secondMs = 1000

/**
 * Stores the evidence beside the set and returns its key. Never replaces one: of several in the same second, each later
 * one takes the next second's name.
 */
export async function storeEvidence(
  store: ObjectStore,
  address: SetAddress,
  evidence: Evidence,
  signal?: AbortSignal,
): Promise<string> {
  const body = serializeEvidence(evidence)
  const startMs = Date.parse(evidence.finishedAt)
  for (let attempt = 0; ; attempt += 1) {
    const key = setPrefix(address) + evidenceFile(startMs + attempt * secondMs, saidBy(evidence))
    try {
      await store.put(key, body, { ifAbsent: true, contentType: 'application/json', ...(signal && { signal }) })
      return key
    } catch (error) {
      if (!conditionFailed(error) || attempt >= maxAttempts) throw notStored(error, key, evidence)
    }
  }
}

function saidBy(evidence: Evidence): EvidenceVerdict {
  if (evidence.format === 1) return { verdict: evidence.verdict }
  return { verdict: evidence.verdict, digests: digestShareOf(evidence.digests) }
}

function notStored(error: unknown, key: string, { verdict, findings }: Evidence): Failure {
  const { kind, code, hint, message } = toFailure(error, key)
  const [first] = findings
  const outcome = first === undefined ? verdict : `${verdict}: ${first.subject} ${first.problem}`
  return new Failure(`the set was verified (${outcome}), and the evidence could not be stored: ${message}`, {
    kind,
    subject: key,
    hint: `Verification needs the right to write under evidence/. ${hint}`,
    ...(code === undefined ? {} : { code }),
    cause: error,
  })
}
