/** Requests to an S3 store, as its bill tells them apart. */
export interface StoreRequests {
  /** Objects stored in one request. */
  put: number
  /** Parts of larger objects, and the requests that begin and complete those. */
  part: number
  create: number
  complete: number
  get: number
  head: number
  list: number
}

export const noRequests: StoreRequests = { put: 0, part: 0, create: 0, complete: 0, get: 0, head: 0, list: 0 }

/** The sum, each as often as it is said. */
export function addRequests(to: StoreRequests, more: Partial<StoreRequests>, times = 1): StoreRequests {
  const sum = { ...to }
  for (const kind of Object.keys(noRequests) as (keyof StoreRequests)[]) sum[kind] += (more[kind] ?? 0) * times
  return sum
}

/** A change of the run's state: it is read, and written on condition. */
export const stateChange: Partial<StoreRequests> = { get: 1, put: 1 }
/** A look for an object that is not there: the store is asked for the key, then whether the bucket is there. */
export const absentByGet: Partial<StoreRequests> = { get: 1, head: 1 }
export const absentByHead: Partial<StoreRequests> = { head: 2 }
