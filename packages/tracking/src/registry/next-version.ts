/**
 * SQL of the number that the next version of the model `m` gets. None is given twice, not even one whose version was
 * purged: that one stands in the history, and what was told of it may be written anywhere.
 */
export const numberOfNext = `1 + COALESCE((SELECT MAX(used.version) FROM (
    SELECT MAX(v.version) AS version FROM tracking_versions v WHERE v.model = m.id
    UNION ALL SELECT MAX(h.version) AS version FROM registry_history h WHERE h.model = m.id) used), 0)`;
