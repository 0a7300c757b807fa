import type { Moto } from './moto.ts'

/** Stores a secret in moto's Secrets Manager of a region: a text, or fields as JSON. */
export async function storeSecret(
  { endpoint }: Moto,
  region: string,
  name: string,
  value: string | Readonly<Record<string, string>>,
): Promise<void> {
  const scope = `AKIAMOTO/20261125/${region}/secretsmanager/aws4_request`
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.CreateSecret',
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify({ Name: name, SecretString: typeof value === 'string' ? value : JSON.stringify(value) }),
  })
  if (!answer.ok) throw new Error(`moto did not store ${name}: ${answer.status} ${await answer.text()}`)
}
