-- What puts a mistake right, and what balances a file.

-- A bank that wants balanced files gets an entry in each batch that brings it to nothing: our own account's side. It is
-- nobody's payment, so it is no ach_entry; it has a trace number of its own, by which the bank may speak of it.
alter table ach_batch
  add column offset_trace  text check (offset_trace ~ '^\d{15}$');
create index on ach_batch (offset_trace) where offset_trace is not null;

-- A debit that was sent in error is reversed: the platform gives it back, whole, whether or not the merchant agrees. A
-- reversal is a refund with a reason, one of those for which Nacha allows it, and the name of whoever asked for it.
alter table payment
  -- Of a debit: a reversal gives it back, or has given it back.
  add column is_reversed      boolean not null default false,
  add column reversal_reason  text
    check (reversal_reason in ('duplicate', 'wrong_amount', 'wrong_date', 'wrong_payee')),
  add column reversal_by      text check (length(reversal_by) between 1 and 100),
  add constraint only_debits_are_reversed check (not is_reversed or type = 'debit'),
  add constraint reversals_say_who_and_why check ((reversal_reason is null) = (reversal_by is null)),
  add constraint reversals_are_refunds check (reversal_reason is null or type = 'refund');
