/** Keeps the server from writing the statements after it, which hold a password, into its log: whole, slow or failed. */
export const unlogged = 'SET log_statement = none; SET log_min_duration_statement = -1; SET log_min_error_statement = panic;'

/** Statements that give a role a password, and leave no trace of it in the server's log. */
export function passwordSql(role: string, password: string): string {
  const name = `"${role.replaceAll('"', '""')}"`
  return `${unlogged}\nALTER ROLE ${name} PASSWORD ${literal(password)};\n`
}

/** A string as every setting of the server reads it alike, whatever is in it. */
function literal(text: string): string {
  return `E'${text.replaceAll(/['\\]/g, '\\$&')}'`
}
