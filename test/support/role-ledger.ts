import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type LambdaOperation, lambdaOperations } from '../../serverless/functions.ts'
import type { LambdaProject } from './lambda-project.ts'
import { evaluatePolicy, type PolicyCall, type PolicyStatement } from './policy-evaluator.ts'

/** The parts of serverless.yml that say what a function may do. */
interface Service {
  functions: Record<string, { name: string; role: string }>
  resources: {
    Resources: Record<string, { Properties: { Policies: [{ PolicyDocument: { Statement: PolicyStatement[] } }] } }>
  }
}

/** What the role of each function allows, and what of that was ever needed. */
export class RoleLedger {
  readonly #used = new Set<string>()
  readonly #service: Service

  constructor(service: Service) {
    this.#service = service
  }

  /** The roles of a project's serverless.yml, which is rendered before. */
  static async of(project: LambdaProject): Promise<RoleLedger> {
    await project.ballast('serverless', 'render')
    return new RoleLedger(parse(await readFile(join(project.directory, 'serverless.yml'), 'utf8')) as Service)
  }

  /** Those of {@link lambdaOperations} that there is a function for. */
  get operations(): LambdaOperation[] {
    return lambdaOperations.filter((operation) => this.#service.functions[operation] !== undefined)
  }

  statements(operation: LambdaOperation): PolicyStatement[] {
    return this.roleStatements(this.#service.functions[operation]?.role ?? '')
  }

  /** Of a role by its logical id; none where there is no such role. */
  roleStatements(role: string): PolicyStatement[] {
    return this.#service.resources.Resources[role]?.Properties.Policies[0].PolicyDocument.Statement ?? []
  }

  /** As the function is called in its account. */
  functionName(operation: LambdaOperation): string {
    return this.#service.functions[operation]?.name ?? ''
  }

  allows(operation: LambdaOperation, call: PolicyCall): boolean {
    return evaluatePolicy(this.statements(operation), call).allowed
  }

  /** Those of a function's calls that its role refuses; the others count as needed. */
  refused(operation: LambdaOperation, calls: readonly PolicyCall[]): PolicyCall[] {
    return calls.filter((call) => {
      const { allowed, by } = evaluatePolicy(this.statements(operation), call)
      for (const sid of by) this.#used.add(entry(operation, sid, call.action))
      return !allowed
    })
  }

  /** What the roles allow of these services, and no call needed. */
  unused(...services: readonly string[]): string[] {
    const given = lambdaOperations.flatMap((operation) =>
      this.statements(operation)
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Sid, Action }) => [Action].flat().map((action) => entry(operation, Sid, action))),
    )
    const own = given.filter((one) => services.some((service) => one.split(' ')[2]?.startsWith(`${service}:`)))
    return own.filter((one) => !this.#used.has(one)).sort()
  }
}

function entry(operation: LambdaOperation, sid: string, action: string): string {
  return `${operation} ${sid} ${action}`
}
