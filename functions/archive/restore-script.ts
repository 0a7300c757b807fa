import { columnList, copyTextSettings, qualified } from './copy-text.ts'
import { propertiesMarker } from './globals.ts'
import { globalsFile, schemaFile, unitFile } from './keys.ts'
import type { Manifest } from './manifest.ts'

/**
 * The restore.sh of a set: restores a downloaded copy of it with sh, zstd, psql and pg_restore alone. Everything it
 * needs to know is in it, so that it depends on no JSON tool.
 */
export function restoreScript(manifest: Manifest): string {
  const { summary, files, units, encryption } = manifest
  const at = (file: string): string => (encryption === undefined ? file : `"$plain/${file}"`)
  const checksums = [...files, ...units].map(({ sha256, file }) => `${sha256}  ${file}`)
  const { client_encoding, ...settings } = copyTextSettings(manifest.databaseProperties.encoding)
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replaceAll(/([\\ ])/g, '\\\\$1')}`)
  return `${header(manifest)}
set -eu
cd "$(dirname "$0")"
: "\${JOBS:=2}" "\${DBNAME:?set DBNAME to the empty database to restore into}"
export DBNAME LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf '%s\\n' "$*" >&2; }
fail() { say "restore.sh: $*"; exit 1; }
for tool in zstd psql pg_restore sha256sum awk${encryption === undefined ? '' : ' age'}; do
  command -v "$tool" >/dev/null || fail "$tool is not installed (Debian: apt-get install zstd postgresql-client${encryption === undefined ? '' : ' age'})"
done

say 'checking the files of set ${summary.set}'
sha256sum --quiet --check >&2 <<'CHECKSUMS' || fail 'the copy of the set is damaged or incomplete; download it again'
${checksums.join('\n')}
CHECKSUMS
tables=$(psql -XAtq -v ON_ERROR_STOP=1 -d "$DBNAME" -c "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')") || fail 'the database cannot be reached'
[ "$tables" -eq 0 ] || fail "database $DBNAME already holds $tables tables; create an empty one"
${decryption(manifest)}
# run_globals FILE: a role that is there already is no error; psql goes on after errors, so its report is read.
run_globals() {
  psql -Xq -v VERBOSITY=sqlstate -d "$DBNAME" -f "$1" >/dev/null 2>"$work/errors" || fail "$(cat "$work/errors")"
  if grep 'ERROR\\|FATAL' "$work/errors" | grep -qv 'ERROR:  42710'; then
    fail "globals.sql failed (GLOBALS=no leaves it out): $(cat "$work/errors")"
  fi
}
if [ "\${GLOBALS:-yes}" = yes ]; then
  say 'roles'
  sed '/^${propertiesMarker}$/,$d' ${at(globalsFile)} >"$work/roles"
  run_globals "$work/roles"
fi

say 'schema'
pg_restore --exit-on-error --no-password -d "$DBNAME" --section=pre-data ${at(schemaFile)}

say 'rows: ${summary.rows} in ${summary.tables} tables'
# copy UNIT OFFSET LENGTH ROWS SQL: one frame of a unit into one table; a lost row shows in the count.
cat >"$work/copy" <<'COPY'
export PGCLIENTENCODING=${client_encoding}
export PGOPTIONS="\${PGOPTIONS-} ${options.join(' ')}"
got=$(tail -c "+$(($2 + 1))" ${encryption === undefined ? '"$1"' : '"$plain/$1"'} | head -c "$3" | zstd -dcq | psql -X -v ON_ERROR_STOP=1 -d "$DBNAME" -c "$5") || exit 255
[ "$got" = "COPY $4" ] || { echo "restore.sh: $1: expected COPY $4, got $got" >&2; exit 255; }
COPY
chunks() {
  :
${chunkCalls(manifest)}
}
chunks | xargs -0 -r -n 5 -P "$JOBS" sh "$work/copy" || fail 'some rows could not be restored'

say 'what pg_dump stored itself'
pg_restore --exit-on-error --no-password -d "$DBNAME" --section=data ${at(schemaFile)}
say 'indexes, constraints and triggers'
${postData(at(schemaFile))}
if [ "\${GLOBALS:-yes}" = yes ]; then
  say 'properties of the database'
  sed -n '/^${propertiesMarker}$/,$p' ${at(globalsFile)} >"$work/properties"
  run_globals "$work/properties"
fi
say 'done: set ${summary.set} is restored into '"$DBNAME"
`
}

/**
 * Entries that lock several relations deadlock beside others, so only what is safe runs in parallel: indexes and keys that
 * need nothing else, then foreign keys where no table is partitioned. `ballast restore` tells them apart more finely.
 */
function postData(schema: string): string {
  return `pg_restore --list --section=post-data ${schema} >"$work/post-data"
pg_restore --list --verbose ${schema} >"$work/all"
pg_restore --file=- --section=post-data ${schema} >"$work/sql"
touch "$work/pass1" "$work/pass2" "$work/pass3"
awk -v pass="$work/pass" '
  function place() {
    if (!(id in wanted)) return
    number = entry ~ /^(INDEX|CONSTRAINT) / && entry !~ /^INDEX ATTACH / ? 1 : 2
    if (entry ~ /^(FK CONSTRAINT|MATERIALIZED VIEW DATA|EVENT TRIGGER|DEFAULT ACL) /) number = 3
    if (needs > number) number = needs
    passOf[id] = number
    print line >(pass number)
  }
  FNR == NR { wanted[$1 + 0] = 1; next }
  /^[0-9]/ { place(); id = $1 + 0; line = entry = $0; sub(/^[0-9]+; [0-9]+ [0-9]+ /, "", entry); needs = 0 }
  $2 == "depends" { for (i = 4; i <= NF; i++) if (passOf[$i] > needs) needs = passOf[$i] }
  END { place() }
' "$work/post-data" "$work/all"
# post_data PASS JOBS
post_data() {
  [ -s "$work/pass$1" ] || return 0
  pg_restore --exit-on-error --no-password -d "$DBNAME" --section=post-data --use-list="$work/pass$1" --jobs "$2" ${schema}
}
# Two indexes of one table that both alter it when they are built would wait for each other.
alone=$JOBS
if grep -q 'CLUSTER ON' "$work/sql" && grep -q 'REPLICA IDENTITY USING INDEX' "$work/sql"; then alone=1; fi
post_data 1 "$alone"
post_data 2 1
if grep -q '^[0-9]*; [0-9]* [0-9]* TABLE ATTACH ' "$work/all"; then post_data 3 1; else post_data 3 "$JOBS"; fi`
}

/** Decrypts everything first: a unit holds many tables, and age reads a file from its start. */
function decryption({ encryption, files, units }: Manifest): string {
  if (encryption === undefined) return ''
  const names = [...files, ...units].map(({ file }) => file.replace(/\.age$/, ''))
  return `
: "\${AGE_IDENTITY:?set AGE_IDENTITY to the file with the age identity (age-keygen) of ${encryption.recipients.join(' or ')}}"
say "decrypting into $work, which needs as much room as the set"
plain=$work/plain
export plain
mkdir -p "$plain/data"
for file in ${names.join(' ')}; do
  age --decrypt -i "$AGE_IDENTITY" -o "$plain/$file" "$file.age" || fail "$file.age cannot be decrypted with $AGE_IDENTITY"
done
`
}

function header({ summary, encryption }: Manifest): string {
  const identity = encryption === undefined ? '' : 'AGE_IDENTITY=~/identity.txt '
  const tool = encryption === undefined ? '' : ', age'
  return `#!/bin/sh
# Restores backup set ${summary.set} of database ${JSON.stringify(summary.database)} without Ballast.
#
# 1. Download the whole set, for example:
#      aws s3 cp --recursive s3://BUCKET/PREFIX/${summary.set}/ ./${summary.set}/
# 2. Create an empty database (encoding and locale as in manifest.json), with a PostgreSQL not older than ${summary.serverVersion}:
#      createdb --template=template0 restored
# 3. Run, as a superuser (the usual PGHOST, PGPORT, PGUSER, PGPASSFILE name the server):
#      ${identity}DBNAME=restored JOBS=4 sh ./${summary.set}/restore.sh
#    GLOBALS=no leaves roles and database settings alone.
# It needs sh, zstd, psql, pg_restore${tool}, sha256sum and awk, and stops at the first error.`
}

/** One call per chunk; NUL ends each field, so that any identifier survives. */
function chunkCalls({ tables }: Manifest): string {
  return tables
    .flatMap((table) => {
      const sql = `COPY ${qualified(table)}${columnList(table.columns)} FROM STDIN`
      return table.chunks.map(
        ({ unit, offset, length, rows }) =>
          `  printf '%s\\0' ${unitFile(unit)} ${offset} ${length} ${rows} '${sql.replaceAll("'", "'\\''")}'`,
      )
    })
    .join('\n')
}
