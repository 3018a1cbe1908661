/** The state of a topic's page that opens the copy dialog. */
export const copyQuery = 'copy'
