import { writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '../../config/cluster.ts'
import { fanOutWorkers } from '../../config/fan-out.ts'
import { defineCluster, env } from '../../config/index.ts'
import type { Manifest } from '../../functions/archive/manifest.ts'
import { readManifest } from '../../functions/archive/read-set.ts'
import { slotRun } from '../../functions/archive/slot.ts'
import { ballastVersion } from '../../functions/archive/version.ts'
import { beginRun } from '../../functions/backup/fan-out/start-run.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import { type BundledDefinition, definitionFile } from '../../functions/runtime/lambda/bundled-definition.ts'
import { bundleModules } from '../../serverless/bundle-modules.ts'
import type { Workshop } from '../workshop.ts'
import { executeFanOut, type FanOutRun, type StepTime } from './run-fan-out.ts'
import { StepProcesses } from './step-processes.ts'

/** One fanned-out backup, done and measured. */
export interface MeasuredFanOut {
  /** Until the set exists; its holders end some seconds later. */
  seconds: number
  steps: StepTime[]
  manifest: Manifest
  /** For further calls of its steps. */
  run: FanOutRun
}

/** A backup to fan out. */
export interface FanOutOptions {
  /** Of {@link bundleSteps}. */
  bundle: string
  database: string
  /** Of the store. */
  endpoint: string
  /** `backup.fanOut.connections`. */
  connections: number
}

const cluster = 'bench'
const slot = 'daily'
const dueMs = Date.parse('2026-11-25T06:00:00Z')

/** Makes the function of the steps, as it is packaged, with the package two directories above; returns its directory. */
export async function bundleSteps({ directory }: Workshop): Promise<string> {
  const bundle = join(directory, 'functions', 'fan-out')
  await bundleModules('functions/backup/fan-out/handler.ts', bundle)
  await writeFile(join(directory, 'package.json'), JSON.stringify({ version: ballastVersion, type: 'module' }))
  return bundle
}

/** Backs a database up by many functions, into a folder of its own. */
export async function fanOutOnce(workshop: Workshop, options: FanOutOptions): Promise<MeasuredFanOut> {
  const { sandbox, signal, path } = workshop
  const { bundle, database } = options
  const prefix = `fan-out/${database}-${options.connections}`
  const defined = definition(workshop, options, prefix)
  const content: BundledDefinition = { cluster: defined, certificates: {} }
  await writeFile(join(bundle, definitionFile), JSON.stringify(content))
  const { bucket, region, accessKey, secretKey } = sandbox.s3
  const keyPair = { accessKeyId: accessKey, secretAccessKey: secretKey }
  const store = openStore({ type: 's3', bucket, region, prefix, endpoint: options.endpoint, provider: 'versitygw', keyPair })
  try {
    const url = sandbox.backupUrl(database)
    const request = { store, place: { cluster, database }, run: slotRun({ slot, dueMs }), slot, dueMs, signal }
    const started = performance.now()
    const { set } = await beginRun(request, resolveConnection(url, {}), defined)
    const begun = (performance.now() - started) / 1000
    const environment = { PATH: path, HOME: homedir(), ...sandbox.s3.env, DATABASE_URL: url }
    const run = { bundle, env: environment, database, set, workers: fanOutWorkers(defined.backup), signal }
    const steps = await executeFanOut(run)
    const seconds = begun + Math.max(...steps.filter(({ step }) => step === 'finish').map(({ ended }) => ended))
    return { seconds, steps, manifest: await readManifest(store, { cluster, database, set }, signal), run }
  } finally {
    store.close()
  }
}

/** From the first copying call to the end of the last. */
export function copySecondsOf({ steps }: MeasuredFanOut): number {
  const copies = steps.filter(({ step }) => step === 'copy')
  return Math.max(...copies.map(({ ended }) => ended)) - Math.min(...copies.map(({ begun }) => begun))
}

/** How long calls take that find nothing to do, of a sandbox that is kept: one request, and what surrounds it. */
export async function timeIdleCalls({ run: { database, set, ...called } }: MeasuredFanOut, calls: number): Promise<number[]> {
  const processes = new StepProcesses(called)
  const call = () => processes.call({ step: 'hold', database, set })
  await call()
  const seconds: number[] = []
  for (let index = 0; index < calls; index += 1) {
    const started = performance.now()
    await call()
    seconds.push((performance.now() - started) / 1000)
  }
  await processes.end()
  return seconds
}

function definition({ sandbox }: Workshop, { database, endpoint, connections }: FanOutOptions, prefix: string): Cluster {
  const { bucket } = sandbox.s3
  return defineCluster({
    ...{ name: cluster, region: 'us-east-1' },
    nodes: [
      { name: 'app-1', role: 'docker', address: '10.0.0.10' },
      { name: 'db-1', role: 'primary', address: '10.0.0.11' },
    ],
    databases: [{ name: database, owner: 'app', connection: { url: env('DATABASE_URL') } }],
    firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'], replica: ['10.0.0.11/32'] },
    backup: {
      source: 'primary',
      stores: [{ type: 's3', name: 'main', bucket, prefix, endpoint, provider: 'versitygw' }],
      retention: { keep: { daily: 30 } },
      fanOut: { connections },
    },
  })
}
