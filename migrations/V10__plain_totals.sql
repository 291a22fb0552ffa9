-- sum(bigint) counts in numeric, for it may go beyond bigint: half of what a summary of many groups took. This one refuses to.
CREATE AGGREGATE reporting.total(bigint) (SFUNC = int8pl, STYPE = bigint, COMBINEFUNC = int8pl, PARALLEL = SAFE);
GRANT EXECUTE ON FUNCTION reporting.total(bigint) TO reports_api;
