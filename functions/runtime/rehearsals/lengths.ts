/** Characters that a person may write into a record. */
export const longestName = 200
export const longestNote = 2000
