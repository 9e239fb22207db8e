"""What a vendor says was used and cost, beside what our ledger says."""
