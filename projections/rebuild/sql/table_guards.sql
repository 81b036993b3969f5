-- Who may do what with a table and see which of its rows, as statements that say so of another.
select guard
from (
    select
        1 as place,
        format(
            'grant %%s on table %%s to %%s%%s', acl.privilege_type, %(target)s::text,
            case acl.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end,
            case when acl.is_grantable then ' with grant option' else '' end
        ) as guard
    from pg_class as relation
    cross join lateral aclexplode(relation.relacl) as acl
    where relation.oid = %(table)s::regclass and acl.grantee <> relation.relowner
    union all
    select
        2,
        format(
            'create policy %%I on %%s as %%s for %%s to %%s%%s%%s', polname, %(target)s::text,
            case when polpermissive then 'permissive' else 'restrictive' end,
            case polcmd
                when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                when 'd' then 'delete' else 'all'
            end,
            array_to_string(array(
                select case role when 0 then 'public' else quote_ident(pg_get_userbyid(role)) end
                from unnest(polroles) as role
            ), ', '),
            ' using (' || pg_get_expr(polqual, polrelid) || ')',
            ' with check (' || pg_get_expr(polwithcheck, polrelid) || ')'
        )
    from pg_policy
    where polrelid = %(table)s::regclass
    union all
    select 3, format('alter table %%s enable row level security', %(target)s::text)
    from pg_class where oid = %(table)s::regclass and relrowsecurity
    union all
    select 4, format('alter table %%s force row level security', %(target)s::text)
    from pg_class where oid = %(table)s::regclass and relforcerowsecurity
) as guards
order by place, guard
