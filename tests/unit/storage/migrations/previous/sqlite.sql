-- A database of the release before, at 0007, with data in place: a provider, keys, an account, twelve entries and
-- their sums, a spool under way. Its master key is the bytes 0 to 31.
BEGIN TRANSACTION;
CREATE TABLE accounts (
	id VARCHAR(36) NOT NULL, 
	organisation_id VARCHAR(36) NOT NULL, 
	login VARCHAR(200) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	password_hash TEXT, 
	created_at BIGINT NOT NULL, 
	signed_in_at BIGINT, 
	disabled_at BIGINT, 
	revision INTEGER NOT NULL, 
	CONSTRAINT pk_accounts PRIMARY KEY (id), 
	CONSTRAINT fk_accounts_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id), 
	CONSTRAINT uq_accounts_organisation_id_login UNIQUE (organisation_id, login)
);
INSERT INTO "accounts" VALUES('01a20248-b3f3-7dbe-81b0-3437a5995e8c','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','ada','Ada','owner','x',1795334648819878,NULL,NULL,1);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0007');
CREATE TABLE conversation_items (
	project_id VARCHAR(36) NOT NULL, 
	conversation_id VARCHAR(200) NOT NULL, 
	position INTEGER NOT NULL, 
	id VARCHAR(200) NOT NULL, 
	host VARCHAR(200) NOT NULL, 
	native BOOLEAN NOT NULL, 
	body BLOB NOT NULL, 
	CONSTRAINT pk_conversation_items PRIMARY KEY (project_id, conversation_id, position)
);
CREATE TABLE conversations (
	project_id VARCHAR(36) NOT NULL, 
	id VARCHAR(200) NOT NULL, 
	created BIGINT NOT NULL, 
	metadata BLOB NOT NULL, 
	expires_at BIGINT NOT NULL, 
	CONSTRAINT pk_conversations PRIMARY KEY (project_id, id)
);
CREATE TABLE kept_answers (
	project_id VARCHAR(36) NOT NULL, 
	id VARCHAR(200) NOT NULL, 
	key_id VARCHAR(36) NOT NULL, 
	host VARCHAR(200) NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	created BIGINT NOT NULL, 
	native BOOLEAN NOT NULL, 
	previous_id VARCHAR(200), 
	conversation_id VARCHAR(200), 
	background BOOLEAN NOT NULL, 
	input BLOB NOT NULL, 
	answer BLOB NOT NULL, 
	expires_at BIGINT NOT NULL, 
	leased_until BIGINT, 
	CONSTRAINT pk_kept_answers PRIMARY KEY (project_id, id)
);
CREATE TABLE kept_events (
	project_id VARCHAR(36) NOT NULL, 
	answer_id VARCHAR(200) NOT NULL, 
	number INTEGER NOT NULL, 
	body BLOB NOT NULL, 
	CONSTRAINT pk_kept_events PRIMARY KEY (project_id, answer_id, number)
);
CREATE TABLE kept_items (
	project_id VARCHAR(36) NOT NULL, 
	id VARCHAR(200) NOT NULL, 
	answer_id VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_kept_items PRIMARY KEY (project_id, id)
);
CREATE TABLE key_digests (
	digest BLOB NOT NULL, 
	key_id VARCHAR(36) NOT NULL, 
	hint VARCHAR(20) NOT NULL, 
	created_at BIGINT NOT NULL, 
	expires_at BIGINT, 
	CONSTRAINT pk_key_digests PRIMARY KEY (digest), 
	CONSTRAINT fk_key_digests_key_id FOREIGN KEY(key_id) REFERENCES keys (id)
);
INSERT INTO "key_digests" VALUES(X'A2498D51D726E7595F6278B8405E17470ECA53D028E2085E435F81A522C41566','01a20248-b0d0-7fa7-a2ff-00abecbdeeac','a-key…fore',1795334648022093,NULL);
INSERT INTO "key_digests" VALUES(X'DE75FFE4EE429311A2212838057E7653E4E815B238F2709D29249449F5FE8ACE','01a20248-b0df-7e7e-b0b2-a3b97108051b','a-sec…ease',1795334648032106,NULL);
CREATE TABLE keys (
	id VARCHAR(36) NOT NULL, 
	project_id VARCHAR(36) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	owner VARCHAR(20) NOT NULL, 
	models JSON NOT NULL, 
	created_at BIGINT NOT NULL, 
	expires_at BIGINT, 
	revoked_at BIGINT, revision INTEGER DEFAULT '1' NOT NULL, 
	CONSTRAINT pk_keys PRIMARY KEY (id), 
	CONSTRAINT fk_keys_project_id FOREIGN KEY(project_id) REFERENCES projects (id)
);
INSERT INTO "keys" VALUES('01a20248-b0d0-7fa7-a2ff-00abecbdeeac','01a20248-b0b4-7879-a834-b3f2cfb48876','demo','environment','[]',1795334648017015,NULL,NULL,1);
INSERT INTO "keys" VALUES('01a20248-b0df-7e7e-b0b2-a3b97108051b','01a20248-b0b4-7879-a834-b3f2cfb48876','kept','studio','["h/*"]',1795334648031928,NULL,NULL,1);
CREATE TABLE ledger_entries (
	id TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	operation TEXT NOT NULL, 
	client_dialect TEXT NOT NULL, 
	organisation TEXT NOT NULL, 
	project TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	requested TEXT NOT NULL, 
	offering TEXT NOT NULL, 
	host TEXT NOT NULL, 
	model TEXT NOT NULL, 
	maker TEXT NOT NULL, 
	upstream_dialect TEXT NOT NULL, 
	stream BOOLEAN NOT NULL, 
	status INTEGER NOT NULL, 
	failure TEXT, 
	finish TEXT, 
	usage_reported BOOLEAN NOT NULL, 
	input BIGINT NOT NULL, 
	cache_read BIGINT NOT NULL, 
	cache_write BIGINT NOT NULL, 
	cache_write_1h BIGINT NOT NULL, 
	output BIGINT NOT NULL, 
	reasoning BIGINT NOT NULL, 
	audio_in BIGINT NOT NULL, 
	audio_out BIGINT NOT NULL, 
	audio_cache_read BIGINT NOT NULL, 
	image_in BIGINT NOT NULL, 
	image_out BIGINT NOT NULL, 
	web_searches BIGINT NOT NULL, 
	cost BIGINT, 
	currency TEXT NOT NULL, 
	first_event_micros BIGINT, 
	total_micros BIGINT NOT NULL, 
	attempts JSON NOT NULL, 
	losses JSON NOT NULL, 
	request_bytes BIGINT NOT NULL, 
	response_bytes BIGINT NOT NULL, usage_group INTEGER DEFAULT 0 NOT NULL, images BIGINT DEFAULT 0 NOT NULL, audio_seconds BIGINT DEFAULT 0 NOT NULL, characters BIGINT DEFAULT 0 NOT NULL, search_units BIGINT DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_ledger_entries PRIMARY KEY (id)
);
INSERT INTO "ledger_entries" VALUES('e0',1790000000000000,'chat','openai-chat','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','h/m','h/m','h','m','','openai-chat',0,502,'upstream_error',NULL,1,0,0,0,0,0,0,0,0,0,0,0,0,0,'USD',0,0,'[{"offering":"h/m"}]','[{"code":"a","path":"b","severity":"degraded","detail":""}]',0,0,1,0,0,0,0);
INSERT INTO "ledger_entries" VALUES('e1',1790003600000000,'chat','openai-chat','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','h/m','h/m','h','m','','openai-chat',0,200,NULL,NULL,1,1,0,0,0,2,0,0,0,0,0,0,0,1000000000,'USD',500,1000,'[{"offering":"h/m"}]','[{"code":"a","path":"b","severity":"degraded","detail":""}]',0,0,2,0,0,0,0);
INSERT INTO "ledger_entries" VALUES('e2',1790007200000000,'chat','openai-chat','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','h/m','h/m','h','m','','openai-chat',0,200,NULL,NULL,1,2,0,0,0,4,0,0,0,0,0,0,0,2000000000,'USD',1000,2000,'[{"offering":"h/m"}]','[{"code":"a","path":"b","severity":"degraded","detail":""}]',0,0,2,0,0,0,0);
INSERT INTO "ledger_entries" VALUES('e3',1790010800000000,'chat','openai-chat','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','h/m','h/m','h','m','','openai-chat',0,200,NULL,NULL,1,3,0,0,0,6,0,0,0,0,0,0,0,3000000000,'USD',1500,3000,'[{"offering":"h/m"}]','[{"code":"a","path":"b","severity":"degraded","detail":""}]',0,0,2,0,0,0,0);
INSERT INTO "ledger_entries" VALUES('e4',1790014400000000,'chat','openai-chat','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','h/m','h/m','h','m','','openai-chat',0,502,'upstream_error',NULL,1,4,0,0,0,8,0,0,0,0,0,0,0,4000000000,'USD',2000,4000,'[{"offering":"h/m"}]','[{"code":"a","path":"b","severity":"degraded","detail":""}]',0,0,1,0,0,0,0);
INSERT INTO "ledger_entries" VALUES('e5',1790018000000000,'chat','openai-chat','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','h/m','h/m','h','m','','openai-chat',0,200,NULL,NULL,1,5,0,0,0,10,0,0,0,0,0,0,0,5000000000,'USD',2500,5000,'[{"offering":"h/m"}]','[{"code":"a","path":"b","severity":"degraded","detail":""}]',0,0,2,0,0,0,0);
INSERT INTO "ledger_entries" VALUES('e6',1790021600000000,'chat','openai-chat','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','h/m','h/m','h','m','','openai-chat',0,200,NULL,NULL,1,6,0,0,0,12,0,0,0,0,0,0,0,6000000000,'USD',3000,6000,'[{"offering":"h/m"}]','[{"code":"a","path":"b","severity":"degraded","detail":""}]',0,0,2,0,0,0,0);
INSERT INTO "ledger_entries" VALUES('e7',1790025200000000,'chat','openai-chat','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','h/m','h/m','h','m','','openai-chat',0,200,NULL,NULL,1,7,0,0,0,14,0,0,0,0,0,0,0,7000000000,'USD',3500,7000,'[{"offering":"h/m"}]','[{"code":"a","path":"b","severity":"degraded","detail":""}]',0,0,2,0,0,0,0);
INSERT INTO "ledger_entries" VALUES('e8',1790028800000000,'chat','openai-chat','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','h/m','h/m','h','m','','openai-chat',0,502,'upstream_error',NULL,1,8,0,0,0,16,0,0,0,0,0,0,0,8000000000,'USD',4000,8000,'[{"offering":"h/m"}]','[{"code":"a","path":"b","severity":"degraded","detail":""}]',0,0,1,0,0,0,0);
INSERT INTO "ledger_entries" VALUES('e9',1790032400000000,'chat','openai-chat','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','h/m','h/m','h','m','','openai-chat',0,200,NULL,NULL,1,9,0,0,0,18,0,0,0,0,0,0,0,9000000000,'USD',4500,9000,'[{"offering":"h/m"}]','[{"code":"a","path":"b","severity":"degraded","detail":""}]',0,0,2,0,0,0,0);
INSERT INTO "ledger_entries" VALUES('e10',1790036000000000,'chat','openai-chat','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','h/m','h/m','h','m','','openai-chat',0,200,NULL,NULL,1,10,0,0,0,20,0,0,0,0,0,0,0,10000000000,'USD',5000,10000,'[{"offering":"h/m"}]','[{"code":"a","path":"b","severity":"degraded","detail":""}]',0,0,2,0,0,0,0);
INSERT INTO "ledger_entries" VALUES('e11',1790039600000000,'chat','openai-chat','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','h/m','h/m','h','m','','openai-chat',0,200,NULL,NULL,1,11,0,0,0,22,0,0,0,0,0,0,0,11000000000,'USD',5500,11000,'[{"offering":"h/m"}]','[{"code":"a","path":"b","severity":"degraded","detail":""}]',0,0,2,0,0,0,0);
CREATE TABLE organisations (
	id VARCHAR(36) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_organisations PRIMARY KEY (id), 
	CONSTRAINT uq_organisations_name UNIQUE (name)
);
INSERT INTO "organisations" VALUES('01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','default',1795334647987069);
CREATE TABLE projects (
	id VARCHAR(36) NOT NULL, 
	organisation_id VARCHAR(36) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_projects PRIMARY KEY (id), 
	CONSTRAINT fk_projects_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id), 
	CONSTRAINT uq_projects_organisation_id_name UNIQUE (organisation_id, name)
);
INSERT INTO "projects" VALUES('01a20248-b0b4-7879-a834-b3f2cfb48876','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','default',1795334647988539);
CREATE TABLE providers (
	id VARCHAR(36) NOT NULL, 
	organisation_id VARCHAR(36) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	host VARCHAR(200) NOT NULL, 
	base_url TEXT, 
	dialects JSON NOT NULL, 
	settings JSON NOT NULL, 
	models JSON, 
	found_models JSON, 
	found_at BIGINT, 
	owner VARCHAR(20) NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	created_at BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, revision INTEGER DEFAULT '1' NOT NULL, 
	CONSTRAINT pk_providers PRIMARY KEY (id), 
	CONSTRAINT fk_providers_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id), 
	CONSTRAINT uq_providers_organisation_id_name UNIQUE (organisation_id, name)
);
INSERT INTO "providers" VALUES('01a20248-b19a-76e5-86d0-bfe0c387938d','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','h','custom','http://127.0.0.1:9/v1','{}','{}','["m"]',NULL,NULL,'studio',1,1795334648218447,1795334648218447,1);
CREATE TABLE rules (
	id VARCHAR(36) NOT NULL, 
	organisation_id VARCHAR(36) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	position INTEGER NOT NULL, 
	pattern VARCHAR(200) NOT NULL, 
	target VARCHAR(200) NOT NULL, 
	owner VARCHAR(20) NOT NULL, 
	CONSTRAINT pk_rules PRIMARY KEY (id), 
	CONSTRAINT fk_rules_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id), 
	CONSTRAINT uq_rules_organisation_id_kind_owner_position UNIQUE (organisation_id, kind, owner, position)
);
CREATE TABLE secrets (
	id VARCHAR(36) NOT NULL, 
	owner_kind VARCHAR(20) NOT NULL, 
	owner_id VARCHAR(36) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	ciphertext BLOB NOT NULL, 
	nonce BLOB NOT NULL, 
	master_key_id VARCHAR(16) NOT NULL, 
	hint VARCHAR(20) NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_secrets PRIMARY KEY (id), 
	CONSTRAINT uq_secrets_owner_kind_owner_id_name UNIQUE (owner_kind, owner_id, name)
);
INSERT INTO "secrets" VALUES('01a20248-b19b-7ed4-90c7-d38819e4d0b8','provider','01a20248-b19a-76e5-86d0-bfe0c387938d','secret',X'EA6A09F4B294A4102FD6185CE2A8B85F76F6D9167D0C549CBC84D5FDC57A361B05F8AF6499FA4280062F',X'C9D2C752847AA1380904037A','439898609c4095fa','…fore',1795334648219934);
CREATE TABLE service_tokens (
	id VARCHAR(36) NOT NULL, 
	organisation_id VARCHAR(36) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	digest BLOB NOT NULL, 
	hint VARCHAR(20) NOT NULL, 
	made_by VARCHAR(200) NOT NULL, 
	created_at BIGINT NOT NULL, 
	expires_at BIGINT, 
	revoked_at BIGINT, 
	used_at BIGINT, 
	CONSTRAINT pk_service_tokens PRIMARY KEY (id), 
	CONSTRAINT fk_service_tokens_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id), 
	CONSTRAINT uq_service_tokens_digest UNIQUE (digest)
);
CREATE TABLE sessions (
	digest BLOB NOT NULL, 
	account_id VARCHAR(36), 
	by_link BOOLEAN NOT NULL, 
	created_at BIGINT NOT NULL, 
	used_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	CONSTRAINT pk_sessions PRIMARY KEY (digest), 
	CONSTRAINT fk_sessions_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE TABLE settings (
	name VARCHAR(200) NOT NULL, 
	value JSON NOT NULL, 
	CONSTRAINT pk_settings PRIMARY KEY (name)
);
INSERT INTO "settings" VALUES('begun',1795334647995439);
INSERT INTO "settings" VALUES('revision',3);
CREATE TABLE signin_attempts (
	subject BLOB NOT NULL, 
	attempts INTEGER NOT NULL, 
	since BIGINT NOT NULL, 
	CONSTRAINT pk_signin_attempts PRIMARY KEY (subject)
);
CREATE TABLE signin_links (
	digest BLOB NOT NULL, 
	created_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	used_at BIGINT, account_id VARCHAR(36), 
	CONSTRAINT pk_signin_links PRIMARY KEY (digest)
);
CREATE TABLE spool_progress (
	file VARCHAR(255) NOT NULL, 
	"offset" BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	CONSTRAINT pk_spool_progress PRIMARY KEY (file)
);
INSERT INTO "spool_progress" VALUES('worker-1-x.spool',4711,1795334648841432);
CREATE TABLE usage_groups (
	id INTEGER NOT NULL, 
	digest BLOB NOT NULL, 
	organisation TEXT NOT NULL, 
	project TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	model TEXT NOT NULL, 
	host TEXT NOT NULL, 
	maker TEXT NOT NULL, 
	offering TEXT NOT NULL, 
	operation TEXT NOT NULL, 
	client_dialect TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	failed BOOLEAN NOT NULL, 
	CONSTRAINT pk_usage_groups PRIMARY KEY (id), 
	CONSTRAINT uq_usage_groups_digest UNIQUE (digest)
);
INSERT INTO "usage_groups" VALUES(1,X'62DC46B1A0A916F9360C61BE3B08CDA9','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','m','h','','h/m','chat','openai-chat','USD',1);
INSERT INTO "usage_groups" VALUES(2,X'E64E480A0CBF7C6759CD68EFEBC3CAC5','01a20248-b0b2-7ea2-b5a4-914a5e2fbae2','01a20248-b0b4-7879-a834-b3f2cfb48876','k','m','h','','h/m','chat','openai-chat','USD',0);
CREATE TABLE usage_sums (
	span BIGINT NOT NULL, 
	"begin" BIGINT NOT NULL, 
	group_id INTEGER NOT NULL, 
	entries BIGINT NOT NULL, 
	priced BIGINT NOT NULL, 
	unreported BIGINT NOT NULL, 
	cost_micros BIGINT NOT NULL, 
	cost_picos BIGINT NOT NULL, 
	first_events BIGINT NOT NULL, 
	first_event_micros BIGINT NOT NULL, 
	input BIGINT NOT NULL, 
	cache_read BIGINT NOT NULL, 
	cache_write BIGINT NOT NULL, 
	cache_write_1h BIGINT NOT NULL, 
	output BIGINT NOT NULL, 
	reasoning BIGINT NOT NULL, 
	audio_in BIGINT NOT NULL, 
	audio_out BIGINT NOT NULL, 
	audio_cache_read BIGINT NOT NULL, 
	image_in BIGINT NOT NULL, 
	image_out BIGINT NOT NULL, 
	web_searches BIGINT NOT NULL, 
	total_micros BIGINT NOT NULL, 
	total_latencies BLOB NOT NULL, 
	first_event_latencies BLOB NOT NULL, 
	CONSTRAINT pk_usage_sums PRIMARY KEY (span, "begin", group_id)
)
 WITHOUT ROWID

;
INSERT INTO "usage_sums" VALUES(1800000000,1789999200000000,1,1,1,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,X'00',X'00');
INSERT INTO "usage_sums" VALUES(1800000000,1790002800000000,2,1,1,0,1000,0,1,500,1,0,0,0,2,0,0,0,0,0,0,0,1000,X'01',X'00');
INSERT INTO "usage_sums" VALUES(1800000000,1790006400000000,2,1,1,0,2000,0,1,1000,2,0,0,0,4,0,0,0,0,0,0,0,2000,X'07',X'01');
INSERT INTO "usage_sums" VALUES(1800000000,1790010000000000,2,1,1,0,3000,0,1,1500,3,0,0,0,6,0,0,0,0,0,0,0,3000,X'0A',X'04');
INSERT INTO "usage_sums" VALUES(1800000000,1790013600000000,1,1,1,0,4000,0,1,2000,4,0,0,0,8,0,0,0,0,0,0,0,4000,X'0D',X'07');
INSERT INTO "usage_sums" VALUES(1800000000,1790017200000000,2,1,1,0,5000,0,1,2500,5,0,0,0,10,0,0,0,0,0,0,0,5000,X'0E',X'08');
INSERT INTO "usage_sums" VALUES(1800000000,1790020800000000,2,1,1,0,6000,0,1,3000,6,0,0,0,12,0,0,0,0,0,0,0,6000,X'10',X'0A');
INSERT INTO "usage_sums" VALUES(1800000000,1790024400000000,2,1,1,0,7000,0,1,3500,7,0,0,0,14,0,0,0,0,0,0,0,7000,X'11',X'0B');
INSERT INTO "usage_sums" VALUES(1800000000,1790028000000000,1,1,1,0,8000,0,1,4000,8,0,0,0,16,0,0,0,0,0,0,0,8000,X'13',X'0D');
INSERT INTO "usage_sums" VALUES(1800000000,1790031600000000,2,1,1,0,9000,0,1,4500,9,0,0,0,18,0,0,0,0,0,0,0,9000,X'14',X'0E');
INSERT INTO "usage_sums" VALUES(1800000000,1790035200000000,2,1,1,0,10000,0,1,5000,10,0,0,0,20,0,0,0,0,0,0,0,10000,X'14',X'0E');
INSERT INTO "usage_sums" VALUES(1800000000,1790038800000000,2,1,1,0,11000,0,1,5500,11,0,0,0,22,0,0,0,0,0,0,0,11000,X'15',X'0F');
INSERT INTO "usage_sums" VALUES(3600000000,1789999200000000,1,1,1,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,X'00',X'00');
INSERT INTO "usage_sums" VALUES(3600000000,1790002800000000,2,1,1,0,1000,0,1,500,1,0,0,0,2,0,0,0,0,0,0,0,1000,X'01',X'00');
INSERT INTO "usage_sums" VALUES(3600000000,1790006400000000,2,1,1,0,2000,0,1,1000,2,0,0,0,4,0,0,0,0,0,0,0,2000,X'07',X'01');
INSERT INTO "usage_sums" VALUES(3600000000,1790010000000000,2,1,1,0,3000,0,1,1500,3,0,0,0,6,0,0,0,0,0,0,0,3000,X'0A',X'04');
INSERT INTO "usage_sums" VALUES(3600000000,1790013600000000,1,1,1,0,4000,0,1,2000,4,0,0,0,8,0,0,0,0,0,0,0,4000,X'0D',X'07');
INSERT INTO "usage_sums" VALUES(3600000000,1790017200000000,2,1,1,0,5000,0,1,2500,5,0,0,0,10,0,0,0,0,0,0,0,5000,X'0E',X'08');
INSERT INTO "usage_sums" VALUES(3600000000,1790020800000000,2,1,1,0,6000,0,1,3000,6,0,0,0,12,0,0,0,0,0,0,0,6000,X'10',X'0A');
INSERT INTO "usage_sums" VALUES(3600000000,1790024400000000,2,1,1,0,7000,0,1,3500,7,0,0,0,14,0,0,0,0,0,0,0,7000,X'11',X'0B');
INSERT INTO "usage_sums" VALUES(3600000000,1790028000000000,1,1,1,0,8000,0,1,4000,8,0,0,0,16,0,0,0,0,0,0,0,8000,X'13',X'0D');
INSERT INTO "usage_sums" VALUES(3600000000,1790031600000000,2,1,1,0,9000,0,1,4500,9,0,0,0,18,0,0,0,0,0,0,0,9000,X'14',X'0E');
INSERT INTO "usage_sums" VALUES(3600000000,1790035200000000,2,1,1,0,10000,0,1,5000,10,0,0,0,20,0,0,0,0,0,0,0,10000,X'14',X'0E');
INSERT INTO "usage_sums" VALUES(3600000000,1790038800000000,2,1,1,0,11000,0,1,5500,11,0,0,0,22,0,0,0,0,0,0,0,11000,X'15',X'0F');
INSERT INTO "usage_sums" VALUES(21600000000,1789992000000000,1,1,1,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,X'00',X'00');
INSERT INTO "usage_sums" VALUES(21600000000,1789992000000000,2,3,3,0,6000,0,3,3000,6,0,0,0,12,0,0,0,0,0,0,0,6000,X'01070A',X'000104');
INSERT INTO "usage_sums" VALUES(21600000000,1790013600000000,1,2,2,0,12000,0,2,6000,12,0,0,0,24,0,0,0,0,0,0,0,12000,X'0D13',X'070D');
INSERT INTO "usage_sums" VALUES(21600000000,1790013600000000,2,4,4,0,27000,0,4,13500,27,0,0,0,54,0,0,0,0,0,0,0,27000,X'0E101114',X'080A0B0E');
INSERT INTO "usage_sums" VALUES(21600000000,1790035200000000,2,2,2,0,21000,0,2,10500,21,0,0,0,42,0,0,0,0,0,0,0,21000,X'1415',X'0E0F');
INSERT INTO "usage_sums" VALUES(86400000000,1789948800000000,1,3,3,0,12000,0,3,6000,12,0,0,0,24,0,0,0,0,0,0,0,12000,X'000D13',X'00070D');
INSERT INTO "usage_sums" VALUES(86400000000,1789948800000000,2,7,7,0,33000,0,7,16500,33,0,0,0,66,0,0,0,0,0,0,0,33000,X'01070A0E101114',X'000104080A0B0E');
INSERT INTO "usage_sums" VALUES(86400000000,1790035200000000,2,2,2,0,21000,0,2,10500,21,0,0,0,42,0,0,0,0,0,0,0,21000,X'1415',X'0E0F');
CREATE INDEX ix_ledger_entries_at ON ledger_entries (at);
CREATE UNIQUE INDEX uq_keys_project_id_name ON keys (project_id, name) WHERE revoked_at IS NULL;
CREATE INDEX ix_key_digests_key_id ON key_digests (key_id);
CREATE INDEX ix_sessions_account_id ON sessions (account_id);
CREATE INDEX ix_signin_attempts_since ON signin_attempts (since);
CREATE UNIQUE INDEX uq_service_tokens_organisation_id_name ON service_tokens (organisation_id, name) WHERE revoked_at IS NULL;
CREATE INDEX ix_ledger_entries_usage_group_at ON ledger_entries (usage_group, at);
CREATE INDEX ix_kept_answers_expires_at ON kept_answers (expires_at);
CREATE INDEX ix_kept_items_project_id_answer_id ON kept_items (project_id, answer_id);
CREATE INDEX ix_conversations_expires_at ON conversations (expires_at);
CREATE INDEX ix_conversation_items_project_id_id ON conversation_items (project_id, id);
COMMIT;
