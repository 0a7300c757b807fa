/**
 * Every table whose rows pg_dump would dump (`getTables` and `selectDumpableTable` in pg_dump.c): plain tables of user
 * schemas, and of extensions only the configuration tables, with their condition. Catalogue reads only: nothing here
 * waits for a lock on a table.
 */
export const tablesSql = `
SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name,
  c.relpersistence = 'u' AS unlogged,
  coalesce(am.amname = 'heap', false) AS heap,
  e.oid IS NOT NULL AS "inExtension",
  CASE WHEN e.oid IS NOT NULL THEN e.extcondition[array_position(e.extconfig, c.oid)] END AS filter,
  has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable,
  row_security_active(c.oid) AS filtered,
  c.relispartition AND EXISTS (
    WITH RECURSIVE up(parent) AS (
      SELECT inhparent FROM pg_inherits WHERE inhrelid = c.oid
      UNION ALL SELECT i.inhparent FROM pg_inherits i JOIN up ON i.inhrelid = up.parent)
    SELECT FROM up JOIN pg_partitioned_table p ON p.partrelid = up.parent
      JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = ANY (p.partattrs)
      JOIN pg_type t ON t.oid = a.atttypid
      WHERE p.partstrat = 'h' AND t.typtype = 'e') AS "hashedByEnum",
  (SELECT coalesce(json_agg(a.attname ORDER BY a.attnum), '[]') FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e'
LEFT JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
WHERE c.relkind = 'r' AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND (e.oid IS NULL OR c.oid = ANY (e.extconfig))
ORDER BY n.nspname, c.relname`

/** Bytes of each table's heap, and of its TOAST with index. Opens the relations: run it when their locks are held. */
export const sizesSql = `
SELECT c.oid::text AS oid, pg_relation_size(c.oid)::text AS "heapBytes",
  CASE WHEN c.reltoastrelid = 0 THEN 0 ELSE pg_total_relation_size(c.reltoastrelid) END::text AS "toastBytes"
FROM pg_class c WHERE c.oid = ANY ($1::oid[])`

/** Sequences that pg_dump would dump, and the column that owns each. */
export const sequencesSql = `
SELECT n.nspname AS schema, c.relname AS name,
  has_schema_privilege(n.oid, 'USAGE') AND has_sequence_privilege(c.oid, 'SELECT') AS readable,
  tn.nspname AS "ownerSchema", t.relname AS "ownerTable", a.attname AS "ownerColumn"
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
  AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class t ON t.oid = d.refobjid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
ORDER BY n.nspname, c.relname`

/** The database's own properties, which pg_restore applies only with --create. */
export function databasePropertiesSql(versionNum: number): string {
  const provider =
    versionNum >= 150000 ? `CASE datlocprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END` : `'libc'`
  const locale = versionNum >= 170000 ? 'datlocale' : versionNum >= 150000 ? 'daticulocale' : 'NULL::text'
  return `
SELECT d.datname AS name, pg_get_userbyid(d.datdba) AS owner, pg_encoding_to_char(d.encoding) AS encoding,
  d.datcollate AS collate, d.datctype AS ctype, ${provider} AS "localeProvider", ${locale} AS locale,
  shobj_description(d.oid, 'pg_database') AS comment, d.datconnlimit AS "connectionLimit",
  (SELECT coalesce(json_agg(json_strip_nulls(json_build_object('role', r.rolname, 'setting', split_part(s, '=', 1),
      'value', substr(s, strpos(s, '=') + 1))) ORDER BY r.rolname NULLS FIRST, s), '[]')
    FROM pg_db_role_setting x CROSS JOIN unnest(x.setconfig) s LEFT JOIN pg_roles r ON r.oid = x.setrole
    WHERE x.setdatabase = d.oid) AS settings,
  CASE WHEN d.datacl IS NOT NULL THEN (
    SELECT json_agg(json_build_object('grantee', CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END,
      'privilege', a.privilege_type, 'grantable', a.is_grantable)) FROM aclexplode(d.datacl) a) END AS grants
FROM pg_database d WHERE d.datname = current_database()`
}
