/** Asks moto's Step Functions for what no code of Ballast does: making machines, looking at executions, ending them. */
export async function stepFunctionsCall<T = Record<string, unknown>>(
  endpoint: string,
  operation: string,
  body: object,
  region = 'us-east-1',
): Promise<T> {
  const scope = `AKIAMOTO/20261125/${region}/states/aws4_request`
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AWSStepFunctions.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`moto refused ${operation}: ${answer.status} ${text}`)
  return (text === '' ? {} : JSON.parse(text)) as T
}
