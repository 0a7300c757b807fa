import type { StoreRequests } from '../../functions/backup/scale/requests.ts'

const requestLine = /^([A-Z]+) (\S+) HTTP\/1\.1\r\n/

/** What a request asks of an S3 store, by the first bytes of it; undefined for what is none of the requests of a backup. */
export function requestKind(head: string): keyof StoreRequests | undefined {
  const [, method, target = ''] = requestLine.exec(head) ?? []
  const [path = '', query = ''] = target.split('?', 2)
  const ofObject = path.split('/').filter((part) => part !== '').length > 1
  switch (method) {
    case 'PUT':
      return query.includes('uploadId=') ? 'part' : 'put'
    case 'POST':
      return query.includes('uploadId=') ? 'complete' : 'create'
    case 'HEAD':
      return 'head'
    case 'GET':
      return ofObject ? 'get' : 'list'
    default:
      return undefined
  }
}
