import { Failure } from '../../platform/failure.ts'
import { run } from '../../platform/process/run.ts'

/** The library's own check against the published JSON schema; strict: unknown fields are errors too. */
const validator = [
  'import sys',
  'from cyclonedx.schema import SchemaVersion',
  'from cyclonedx.validation.json import JsonStrictValidator',
  'error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read())',
  "print('' if error is None else getattr(error.data, 'message', error))",
].join('\n')

/**
 * Checks a document against the schema of CycloneDX 1.6.
 *
 * @param python the Python of {@link sbomPython}.
 * @throws Failure with code `BadSbom` where the document breaks it.
 */
export async function validateSbom(python: string, document: string, subject: string): Promise<void> {
  const { stdout } = await run({
    ...{ command: python, args: ['-c', validator], input: Buffer.from(document), timeoutMs: 120_000 },
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    explain: () => ({ kind: 'permanent', code: 'BadSbom', hint: 'The document is no JSON: make it again.' }),
  })
  const problem = stdout.trim()
  if (problem === '') return
  throw new Failure(`the SBOM breaks the schema of CycloneDX 1.6: ${problem}`, {
    ...{ kind: 'permanent', subject, code: 'BadSbom' },
    hint: "Look for a package whose maintainer or homepage is not what it should be: dpkg's status file has them.",
  })
}
