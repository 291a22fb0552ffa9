-- A link shows what its owner may see now, which Keycloak is asked; it showed what they could see when they made it.
ALTER TABLE reporting_app.shares DROP COLUMN roles;
CREATE INDEX shares_by_age ON reporting_app.shares (created_at DESC, id DESC);
