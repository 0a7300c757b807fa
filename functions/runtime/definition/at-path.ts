import { Failure } from '../../platform/failure.ts'

/** Does what the definition asks for at a path, such as `backup.stores[0]`: a Failure of it names the path. */
export async function atPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause
    const { kind, subject, hint, code, message } = cause
    throw new Failure(`${path}: ${message}`, { kind, subject, hint, cause, ...(code === undefined ? {} : { code }) })
  }
}
