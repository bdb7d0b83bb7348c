-- Hides the tickets that were merged into one: from then on only those who must may see them.
-- $1 ticket
update tickets set sensitive = true where merged_into = $1 and not sensitive
