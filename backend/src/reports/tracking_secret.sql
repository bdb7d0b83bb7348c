-- The secret that tracking codes are derived from.
select secret from tracking_secret
