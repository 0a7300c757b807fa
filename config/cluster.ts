import type { derive } from './derive.ts'

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T

/**
 * One cluster, checked, complete and frozen. Quantities are numbers with their unit in the name; secrets are references;
 * what the definition left out is filled in, or undefined where there is nothing to fill in.
 */
export type Cluster = DeepReadonly<ReturnType<typeof derive>>

export type Node = Cluster['nodes'][number]
export type Database = Cluster['databases'][number]
export type Backup = Cluster['backup']
export type BackupSlot = Backup['schedule'][number]
export type Store = Backup['stores'][number]
export type S3Store = Extract<Store, { type: 's3' }>
export type FileStore = Extract<Store, { type: 'file' }>
export type Retention = Backup['retention']
export type Replication = Cluster['replication']
export type Freshness = Cluster['freshness']
export type Status = Cluster['status']
export type Alerts = Cluster['alerts']
export type Channel = Alerts['channels'][number]
export type Postgres = Cluster['postgres']
export type Pgbouncer = Cluster['pgbouncer']
export type Firewall = Cluster['firewall']
export type Images = Cluster['images']
export type Docker = Cluster['docker']
export type DockerService = Docker['services'][number]
export type LoadTests = Cluster['loadtests']
export type Handover = Cluster['handover']
export type Runtime = Cluster['runtime']
