\set customer random(1, 60000)
\set cents random(100, 90000)
BEGIN;
INSERT INTO shop.orders (customer_id, placed_at, total) VALUES (:customer, now(), :cents / 100.0);
UPDATE shop.customers SET preferences = preferences || '{"seen": true}' WHERE id = :customer;
END;
