import { expect } from 'vitest'
import type { LambdaOperation } from '../../serverless/functions.ts'
import { awsPolicyCalls } from './aws-call.ts'
import type { AwsRequest } from './aws-recorder.ts'
import { type StoreKey, storeKeyCalls } from './kms-call.ts'
import { lambdaKeys, lambdaRegion, lambdaSecrets } from './lambda-definition.ts'
import { type LambdaFunction, startLambdaFunction } from './lambda-function.ts'
import { createLambdaProject } from './lambda-project.ts'
import { type LambdaScene, startLambdaScene } from './lambda-scene.ts'
import type { Moto } from './moto.ts'
import { RoleLedger } from './role-ledger.ts'
import { policyCalls } from './s3-call.ts'
import type { SeenRequest } from './s3-operation.ts'
import { SandboxObjects } from './sandbox-objects.ts'

/** The functions of a definition as Lambda runs them, and what their roles say to each request that they make. */
export class LambdaBench {
  readonly scene: LambdaScene
  readonly objects: SandboxObjects
  /** The roles for stores of Amazon's at the same places: against these requests to S3 are held. */
  readonly amazon: RoleLedger
  /** The roles of what runs here, against which all other requests are held. */
  readonly own: RoleLedger
  readonly #keys: readonly StoreKey[]

  private constructor(scene: LambdaScene, prefix: string, amazon: RoleLedger, own: RoleLedger) {
    const region = lambdaRegion
    const arn = (key: string): string => `arn:aws:kms:${region}:123456789012:key/${key}`
    this.scene = scene
    this.objects = new SandboxObjects(scene.sandbox.s3, prefix)
    this.amazon = amazon
    this.own = own
    this.#keys = [
      { prefix: `${prefix}/`, region, arn: arn('of-that-alias'), alias: lambdaKeys.main },
      { prefix: `${prefix}-far/`, region, arn: arn(lambdaKeys.far) },
    ]
  }

  /** @param into URL of a server that sets are restored into. */
  static async start(database: string, prefix: string, into?: string): Promise<LambdaBench> {
    const scene = await startLambdaScene(database, prefix, into)
    const onAmazon = await createLambdaProject(scene.onAmazon)
    const amazon = await RoleLedger.of(onAmazon)
    await onAmazon.remove()
    return new LambdaBench(scene, prefix, amazon, await RoleLedger.of(scene.project))
  }

  /** Forgets what was asked for and told. */
  clear(): void {
    this.scene.proxy.clear()
    this.scene.messages.length = 0
    this.scene.requests.length = 0
  }

  /** Starts a function, and holds what it asks of services other than S3 against its role. */
  async withFunction<T>(
    operation: LambdaOperation,
    work: (lambda: LambdaFunction) => Promise<T>,
    aws: Moto = this.scene.moto,
  ): Promise<T> {
    const lambda = await startLambdaFunction({
      taskRoot: this.scene.project.directory,
      handler: `build/functions/${operation}/handler.handler`,
      env: { ...aws.env, BALLAST_PG_BIN: this.scene.sandbox.pgBin },
    })
    try {
      const result = await work(lambda)
      const { amazon = [], own = [] } = Object.groupBy(this.scene.requests, (request) => ledgerOf(operation, request))
      const calls = (requests: AwsRequest[]) => requests.flatMap((request) => awsPolicyCalls(request, 'resource:Key'))
      expect(
        this.amazon.refused(operation, calls(amazon.filter(({ input }) => input.SecretId !== lambdaSecrets.store))),
      ).toEqual([])
      expect(this.own.refused(operation, calls(own))).toEqual([])
      return result
    } finally {
      await lambda.stop()
    }
  }

  invoke(operation: LambdaOperation, event: unknown, timeoutMs?: number, aws?: Moto) {
    return this.withFunction(operation, (lambda) => lambda.invoke(event, timeoutMs), aws)
  }

  /** Every request that the function made of S3 is one that its role allows on Amazon. */
  expectAllowed(operation: LambdaOperation, requests: readonly SeenRequest[], deletedKeys: readonly string[] = []): void {
    const calls = requests.flatMap((request) => [...policyCalls(request, deletedKeys), ...storeKeyCalls(request, this.#keys)])
    expect(this.amazon.refused(operation, calls)).toEqual([])
  }
}

/** Backups are fanned out with a store of Amazon's alone, which takes no keys: there are no other roles for that. */
function ledgerOf(operation: LambdaOperation, { service }: AwsRequest): 'amazon' | 'own' {
  return operation === 'fan-out' || service === 'states' ? 'amazon' : 'own'
}
