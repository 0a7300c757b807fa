import type { RenderFiles } from '../role-file.ts'
import { isDatabase } from '../roles.ts'
import { firstBootSql } from './first-boot-sql.ts'
import { pgbackrestConfiguration } from './pgbackrest.ts'
import { pgbouncerConfiguration } from './pgbouncer.ts'
import { postgresConfiguration } from './postgres-configuration.ts'
import { postgresExporter } from './postgres-exporter.ts'
import { postgresUnit } from './postgres-unit.ts'

/** What a database node has of the definition: the same on the primary and on a replica, so that each can take the other's place. */
export const databaseFiles: RenderFiles = (cluster, role) =>
  isDatabase(role)
    ? [
        ...firstBootSql(cluster),
        ...pgbackrestConfiguration(cluster),
        ...pgbouncerConfiguration(cluster),
        ...postgresConfiguration(cluster),
        ...postgresExporter(cluster),
        ...postgresUnit(cluster),
      ]
    : []
