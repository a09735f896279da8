#!/bin/sh
# Makes the namespace, its retention and the search attributes of a lead. Safe to run again.
set -eu

until temporal operator cluster health >/dev/null 2>&1; do sleep 1; done

if temporal operator namespace describe --namespace "$NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$NAMESPACE" --retention 90d
else
  temporal operator namespace create --namespace "$NAMESPACE" --retention 90d
fi

# Name and type of each, as workflows/names.py has them; at most what SQL visibility allows.
while read -r name type; do
  temporal operator search-attribute list --namespace "$NAMESPACE" | grep -qw "$name" ||
    temporal operator search-attribute create --namespace "$NAMESPACE" --name "$name" --type "$type"
done <<'LIST'
LeadStage Keyword
LeadOwner Keyword
LeadTenant Keyword
LeadSource Keyword
LeadBand Keyword
LeadMotion Keyword
LeadOutcome Keyword
LeadNextActionAt Datetime
LeadSlaDueAt Datetime
LeadBreached Bool
LeadScore Int
LIST
