const resourceTypes =
  "WHEN 2 THEN 'TOPIC' WHEN 3 THEN 'GROUP' WHEN 4 THEN 'CLUSTER' WHEN 5 THEN 'TRANSACTIONAL_ID' WHEN 6 THEN 'DELEGATION_TOKEN' WHEN 7 THEN 'USER'"
const patternTypes = "WHEN 3 THEN 'LITERAL' WHEN 4 THEN 'PREFIXED'"
const operations =
  "WHEN 2 THEN 'ALL' WHEN 3 THEN 'READ' WHEN 4 THEN 'WRITE' WHEN 5 THEN 'CREATE' WHEN 6 THEN 'DELETE' WHEN 7 THEN 'ALTER' WHEN 8 THEN 'DESCRIBE' WHEN 9 THEN 'CLUSTER_ACTION' WHEN 10 THEN 'DESCRIBE_CONFIGS' WHEN 11 THEN 'ALTER_CONFIGS' WHEN 12 THEN 'IDEMPOTENT_WRITE' WHEN 13 THEN 'CREATE_TOKENS' WHEN 14 THEN 'DESCRIBE_TOKENS' WHEN 15 THEN 'TWO_PHASE_COMMIT'"
const permissions = "WHEN 2 THEN 'DENY' WHEN 3 THEN 'ALLOW'"

const name = (field: string, names: string) => `CASE json_extract(value, '$.${field}') ${names} END`

/** ACLs were stored with the codes that they have on the wire; now with names, in their keys as well. */
export const aclNames = `
UPDATE documents SET value = json_set(value,
  '$.resourceType', ${name('resourceType', resourceTypes)},
  '$.patternType', ${name('patternType', patternTypes)},
  '$.operation', ${name('operation', operations)},
  '$.permission', ${name('permission', permissions)}
) WHERE kind = 'acl' AND json_type(value, '$.operation') = 'integer';

UPDATE documents SET key = json_array(
  json_extract(value, '$.resourceType'), json_extract(value, '$.patternType'), json_extract(value, '$.resourceName'),
  json_extract(value, '$.principal'), json_extract(value, '$.host'), json_extract(value, '$.operation'),
  json_extract(value, '$.permission')
) WHERE kind = 'acl';
`
