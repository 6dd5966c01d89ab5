-- A payment's whole life: it is sent in a file, settles, comes back, is presented again, is refunded, reaches the
-- merchant. Debits, credits and refunds are payments of one table: their request keys are unique together, and their
-- ids are asked for at one address.

alter table merchant
  -- Null: the first originating bank of the deployment.
  add column originating_bank        text,
  -- The name on the customer's bank statement. Null: made from the merchant's name.
  add column company_name            text check (length(company_name) between 1 and 16),
  add column entry_description       text not null default 'PURCHASE'
                                       check (length(entry_description) between 1 and 10),
  add column same_day                boolean not null default false,
  add column fee_fixed               bigint not null default 0 check (fee_fixed >= 0),
  add column fee_bps                 int not null default 0 check (fee_bps between 0 and 10000),
  add column return_fee              bigint not null default 0 check (return_fee >= 0),
  add column fee_kept_on_return      boolean not null default true,
  -- Approved payments wait for the merchant's release.
  add column holds_payments          boolean not null default false,
  -- Banking days from settlement until the money may be paid out.
  add column funds_hold_days         int not null default 2 check (funds_hold_days between 0 and 60),
  -- A refund of a payment that has not been sent: wait until it has settled, or cancel the payment.
  add column unsent_refund           text not null default 'wait' check (unsent_refund in ('wait', 'cancel')),
  -- How far refunds may take the merchant's money below zero.
  add column overdraft_limit         bigint not null default 0 check (overdraft_limit >= 0),
  add column retry_policy            text not null default 'manual' check (retry_policy in ('manual', 'automatic')),
  -- Banking days from the return until an automatic retry.
  add column retry_after_days        int not null default 3 check (retry_after_days between 1 and 30);

alter table payment
  add column type              text not null default 'debit' check (type in ('debit', 'credit', 'refund')),
  add column refund_of         uuid references payment,
  -- What refunds of this payment have been accepted for.
  add column refunded          bigint not null default 0,
  -- How many lines its diary has.
  add column moves             int not null default 0,
  -- Which time it is (to be) presented: 1, then 2 and 3 when it came back for lack of funds.
  add column presentment       int not null default 1 check (presentment between 1 and 3),
  -- What the merchant was charged for it and did not get back.
  add column fee               bigint not null default 0 check (fee >= 0),
  -- What of it is kept in the merchant's held account.
  add column in_hold           bigint not null default 0 check (in_hold >= 0),
  add column settled_on        date,
  add column first_settled_on  date,
  -- When the money may be paid out.
  add column funds_on          date,
  add column return_code       text,
  -- The state it came back from.
  add column returned_from     text,
  add column payout_id         uuid;

update payment set moves = (select count(*) from payment_move where payment_id = payment.id);

alter table payment
  drop constraint payment_status_check,
  add constraint payment_status_check check (status in ('created', 'held', 'authorized', 'scheduled', 'initiated',
    'settled', 'available', 'disbursed', 'retryable', 'returned', 'declined', 'canceled')),
  add constraint refunds_are_of_a_payment check ((type = 'refund') = (refund_of is not null)),
  add constraint never_refunded_beyond_its_amount check (refunded between 0 and amount),
  add constraint only_debits_are_refunded check (refunded = 0 or type = 'debit'),
  add constraint settled_payments_have_a_day check (
    status not in ('settled', 'available', 'disbursed') or settled_on is not null),
  add constraint returned_payments_say_why check ((status in ('retryable', 'returned')) = (return_code is not null)
    and (return_code is null) = (returned_from is null)),
  add constraint credits_are_not_paid_out check (
    type = 'debit' or (status not in ('available', 'disbursed', 'retryable') and payout_id is null));

-- What waits for the next cut-off. Payments leave this index as they are put into a file.
create index payment_to_send on payment (merchant_id, id) where status = 'authorized';
-- What is settled and not yet the merchant's to have.
create index payment_to_release on payment (funds_on, merchant_id, id) where status = 'settled' and type = 'debit';
create index payment_to_pay_out on payment (merchant_id, id) where status = 'available';
create index payment_of_payout on payment (payout_id) where payout_id is not null;
create index payment_refunds on payment (refund_of) where refund_of is not null;
-- The return rates count by the day a debit was first settled.
create index payment_settled on payment (merchant_id, first_settled_on) where first_settled_on is not null;

drop index payment_customer_id_created_at_amount_idx;
create index payment_counted on payment (customer_id, created_at) include (amount)
  where type = 'debit' and status not in ('declined', 'canceled');
