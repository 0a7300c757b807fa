import type { z } from 'zod'
import { alerts } from './alerts.ts'
import { backup } from './backup.ts'
import { database } from './databases.ts'
import { docker } from './docker.ts'
import { firewall } from './firewall.ts'
import { handover } from './handover.ts'
import { images } from './images.ts'
import { optional, preset } from './leaf.ts'
import { loadtests } from './loadtests.ts'
import { node } from './nodes.ts'
import { pgbouncer } from './pgbouncer.ts'
import { accounts, postgres } from './postgres.ts'
import { runtime } from './runtime.ts'
import { list, oneOf, section } from './section.ts'
import { line, region, slug, timeZone } from './texts.ts'
import { freshness, replication, status } from './watch.ts'

/** The whole definition of one cluster. */
export const clusterSchema = section({
  /** Part of every key, image and unit name. */
  name: slug('shop'),
  /** For people: on the status page and on the report. */
  title: optional(line('Loja Exemplo')),
  /** Drills refuse to break a production cluster unless told twice. */
  environment: preset(oneOf('production', 'staging'), 'production'),
  region: preset(region(), 'sa-east-1'),
  /** Where data may be stored; only `region` where it is left out. */
  allowedRegions: optional(list(region(), { min: 1, example: "'sa-east-1'" })),
  /** Of every schedule, of retention and of what people read. */
  timeZone: preset(timeZone(), 'UTC'),
  postgres: preset(postgres, {}),
  accounts: preset(accounts, {}),
  pgbouncer: preset(pgbouncer, {}),
  nodes: list(node, { min: 1, example: "{ name: 'db-1', role: 'primary', address: '10.0.0.11' }" }),
  databases: list(database, { min: 1, example: "{ name: 'shop', owner: 'shop_owner' }" }),
  firewall,
  backup,
  replication: preset(replication, {}),
  freshness: preset(freshness, {}),
  status: preset(status, {}),
  alerts: preset(alerts, {}),
  images: preset(images, {}),
  docker: preset(docker, {}),
  loadtests: preset(loadtests, {}),
  handover: preset(handover, {}),
  runtime: preset(runtime, {}),
})

/** What a user writes. */
export type ClusterInput = z.input<typeof clusterSchema>

/** The definition as parsed, before anything is derived from it: what the rules compare. */
export type ParsedCluster = z.output<typeof clusterSchema>
