import { createHash } from 'node:crypto'
import { Failure, toFailure } from '../../failure.ts'
import type { BeforeStored, ObjectUpload, PutOptions, StoredObject } from '../store.ts'
import { confirmStored, isStored } from './confirm.ts'
import { objectUrl, type S3Connection } from './connection.ts'
import { storeIfAbsent } from './if-absent.ts'
import { completeMultipart } from './multipart.ts'
import type { PartBuffer } from './part-buffer.ts'
import { type PartPlan, partPlan } from './part-plan.ts'
import { PartQueue } from './part-queue.ts'
import { putObject } from './put.ts'
import { contentParameters } from './storage-class.ts'

/** Streams one object into the bucket: a single request if it ends within the first part, a multipart upload otherwise. */
export class S3Upload implements ObjectUpload {
  readonly #connection: S3Connection
  readonly #key: string
  readonly #options: PutOptions
  readonly #plan: PartPlan
  readonly #stopped = new AbortController()
  readonly #signal: AbortSignal
  readonly #queue: PartQueue
  readonly #hash = createHash('sha256')
  #part: PartBuffer
  #spare: PartBuffer | undefined
  #number = 1
  #bytes = 0
  #finished = false
  #failure: Failure | undefined
  #released: Promise<void> | undefined

  constructor(connection: S3Connection, key: string, options: PutOptions) {
    this.#connection = connection
    this.#key = key
    this.#plan = partPlan(connection.profile, options.expectedBytes)
    const signals = options.signal === undefined ? [] : [options.signal]
    this.#signal = AbortSignal.any([this.#stopped.signal, ...signals])
    this.#options = { ...options, signal: this.#signal }
    this.#queue = new PartQueue(connection, key, options, this.#plan, this.#signal)
    this.#part = connection.parts.take(this.#plan.size(1))
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#whileOpen(async () => {
      for (let taken = 0; taken < bytes.byteLength; ) {
        // A full part waits for one more byte: it may be the whole object, or the last part.
        if (this.#part.full) await this.#sendPart()
        const some = this.#part.append(bytes.subarray(taken))
        this.#hash.update(bytes.subarray(taken, taken + some))
        this.#bytes += some
        taken += some
      }
    })
  }

  finish(before?: BeforeStored<StoredObject>): Promise<StoredObject> {
    return this.#whileOpen(async () => {
      const stored = { key: this.#key, bytes: this.#bytes, sha256: this.#hash.digest('hex') }
      const announce = async () => before?.(stored)
      if (this.#queue.begun) await this.#finishParts(announce)
      else await this.#finishSingle(announce)
      this.#finished = true
      for (const part of [this.#part, this.#spare]) if (part !== undefined) this.#connection.parts.give(part)
      return stored
    })
  }

  async abort(): Promise<void> {
    if (this.#finished) return
    this.#failure ??= new Failure('The upload was aborted', {
      kind: 'transient',
      subject: objectUrl(this.#connection, this.#key),
      code: 'Aborted',
      hint: 'Nothing was published under this key; see the failure that came before.',
    })
    this.#stopped.abort(this.#failure)
    await this.#release()
  }

  async #whileOpen<T>(work: () => Promise<T>): Promise<T> {
    const subject = objectUrl(this.#connection, this.#key)
    if (this.#finished) throw toFailure(new Error('The upload is finished already'), subject)
    if (this.#failure !== undefined) throw this.#failure
    try {
      return await work()
    } catch (thrown) {
      this.#failure ??= toFailure(thrown, subject)
      this.#stopped.abort(this.#failure)
      await this.#release()
      throw this.#failure
    }
  }

  #release(): Promise<void> {
    this.#released ??= this.#queue.release()
    return this.#released
  }

  async #sendPart(): Promise<void> {
    await this.#queue.send(this.#part)
    this.#number += 1
    const size = this.#plan.size(this.#number)
    if (this.#spare !== undefined) this.#connection.parts.give(this.#spare)
    const free = this.#connection.parts.take(size)
    this.#spare = this.#part
    this.#part = free
  }

  async #finishSingle(announce: () => Promise<void>): Promise<void> {
    await announce()
    const { body, digest } = this.#part.take()
    const content = contentParameters(this.#connection.settings)
    await putObject(this.#connection, this.#key, body, { ...this.#options, content }, digest)
  }

  async #finishParts(announce: () => Promise<void>): Promise<void> {
    await this.#queue.send(this.#part)
    const { upload, parts } = await this.#queue.drain()
    await announce()
    const expected = { key: this.#key, bytes: this.#bytes, parts }
    const stored = () => isStored(this.#connection, expected, this.#signal)
    const complete = (condition: { IfNoneMatch?: '*' }) =>
      completeMultipart(this.#connection, upload, parts, condition, stored, this.#signal)
    const { conditionalComplete } = this.#connection.profile
    await (this.#options.ifAbsent
      ? storeIfAbsent(this.#connection, this.#key, conditionalComplete, this.#signal, complete)
      : complete({}))
    await confirmStored(this.#connection, expected, this.#signal)
  }
}
