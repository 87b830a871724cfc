"""What Python makes of small templates, one construct each: the fixture of JinjaTest.

    python3 docs/golden/jinja.py > model/src/test/resources/clew/model/template/jinja.json

Needs transformers and jinja2 (5.18.0 and 3.1.6 made the file that is there).
"""
import json

from hf_templates import row

CONTEXT = {
    "s": "Hello, World", "t": "  pad\t\n", "e": "", "u": "naïve 😀 ﬁ ß İ", "n": 7, "m": -3, "f": 2.5, "z": 0, "b": True,
    "none": None, "l": [3, 1, 2], "el": [], "d": {"b": 1, "A": 2, "c": [1, {"x": None}]}, "ed": {},
    "q": "it's \"q\" \\ \n", "big": 12345678901234567890123, "words": ["b", "A", "c", "a"],
    "users": [{"name": "Bo", "age": 3, "in": {"k": 1}}, {"name": "al", "age": 5, "in": {"k": 2}}, {"age": 3}],
    "html": "<a href='x'>&\"</a>", "items": [["k", 1], ["j", 2]], "nested": {"items": "mine", "get": 4},
}

VALUES = """
s|length  u|length  l|length  d|length  s[0]  s[-1]  s[1:4]  s[::-1]  s[::2]  s[-3:]  s[5:2]  s[:-20]  u[6]  u[6:8]
l[0]  l[-1]  l[5]  l[1:]  l[::-1]  l[-100:100:2]  d['b']  d.b  d['zz']  d.zz  d.c[1].x  d.c.1.x  nested['items']
nested['get']  d.keys()  d.values()  d.items()  d.items()|list  d.get('b')  d.get('zz')  d.get('zz', 9)  d['get']('b')
n + 1  n - 10  n * 2  n / 2  n // 2  m // 2  n % 3  m % 3  n ** 2  n ** -1  2 ** 0.5  -n ** 2  n / m  n // m  f // 1  f % 2
-7 // 2  -7 % 2  7 % -2  -7.5 // 2  -7.5 % 2  7.5 % -2  1 / 3  1e16  1e15  123456789012345678.0  1e-4  1e-5  0.1 + 0.2  1e300 * 1e10
big  big + 1  big * big  big // 7  big % 7  big / 7  100 / 10  5 // 0.3  0.0  -0.0  2.0  3.14159  1e22  1.5e-7  5e-324
true  True  false  none  None  [1, 'a', none, true, 1.0]  (1,)  (1, 2)  ()  {'a': 1, 'b': [1, 2]}  {}  [[]]  {1: 2, none: 3, true: 4}
q  [q]  [s, 'it\\'s']  ['\\x00\\x7f\\u00a0\\u2028é😀\\u200d']  s ~ n ~ none ~ true ~ f  'a' 'b'  'a' + 'b'  'ab' * 3  3 * 'ab'  [1] * 2  [1] + [2]
n == 7.0  true == 1  1 == '1'  l == [3, 1, 2]  (1, 2) == [1, 2]  d == d  none == none  zz == zy  zz == none  zz != 1  1 < 2 < 3  1 < 3 < 2
'a' < 'b'  'B' < 'a'  [1, 2] < [1, 3]  1 < 1.5  'lo' in s  1 in l  9 not in l  'b' in d  'zz' in d  not 1 in l  '' in s
n if n > 3 else 0  n if n > 30  n if n > 30 else 'no'  1 and 0  1 and 2  0 or 'x'  e or none  not e  not l  zz  zz or 'd'  zz|length  zz|default
zz|default('x')  none|default('x')  none|default('x', true)  e|default('x', true)  e|d('x')  zz.y|default('x')  d.zz|default('x')
s|upper  s|lower  u|upper  u|lower  s|title  'heLLo woRLD-foo (bar) {baz}'|title  s|capitalize  'éA'|capitalize  'ﬁx'|capitalize  t|trim  'xxaxx'|trim('x')
s|replace('l', 'L')  s|replace('l', 'L', 1)  s|replace('', '-')  n|replace(7, 8)  s|reverse  l|reverse|list  l|first  l|last  el|first  s|first  s|last
l|sort  l|sort(reverse=true)  words|sort  words|sort(case_sensitive=true)  users|sort(attribute='age')|map(attribute='age')|list  l|min  l|max  el|max  words|max
l|sum  el|sum  users|sum(attribute='age')  [1.5, 2]|sum  l|join  l|join(', ')  users|join('-', attribute='name')  s|join('.')  words|unique|list
['a', 'A', 'b', 'a']|unique|list  ['a', 'A']|unique(case_sensitive=true)|join  l|list  s|list  d|list  range(5)|list  range(2, 9, 3)|list  range(5, 0, -2)|list
range(3)  range(1, 7, 2)  range(3)|length  range(5)[1]  range(10)[2:5]  3 in range(5)  d|dictsort  d|dictsort(true)  d|dictsort(false, 'value')  d|items|list
{'b': 2, 'a': 1}|dictsort(reverse=true)  zz|items|list  users|map(attribute='name')|list  users|map(attribute='name', default='?')|list  users|map(attribute='in.k')|first
words|map('upper')|list  l|map('string')|list  ['1', 'x']|map('int', default=9)|list  users|selectattr('name')|list|length  users|selectattr('name', 'equalto', 'al')|list
users|selectattr('age', '>', 3)|map(attribute='name')|list  users|rejectattr('name', 'defined')|list  l|select('odd')|list  l|reject('odd')|list  [0, 1, '', 'a']|select|list
l|select('in', [1, 2])|list  l|batch(2)|list  l|batch(2, 'x')|list  range(7)|slice(3)|list  range(7)|slice(3, 'x')|list  users[:2]|groupby('age')  users|groupby('age')|map('first')|list
n|string  none|string  f|int  '42'|int  '42.9'|int  'x'|int  'x'|int(5)  '0x1f'|int(base=16)  '1_000'|int  '101'|int(base=2)  none|int(3)  '3.5'|float  'x'|float(1.5)  n|float
f|round  3.5|round  2.675|round(2)  42.55|round(1, 'floor')  42.51|round(1, 'ceil')  1234|round(-2)  n|abs  m|abs  -2.5|abs  -3|abs
d|tojson  l|tojson  s|tojson  q|tojson  html|tojson  u|tojson  u|tojson(ensure_ascii=true)  d|tojson(indent=2)  [[], {}, [1]]|tojson(indent=1)  d|tojson(separators=(',', ':'))
d|tojson(sort_keys=true)  none|tojson  true|tojson  f|tojson  1e20|tojson  {1: 2, none: 3}|tojson  (1, 2)|tojson  '\\x00\\x1f\\x7f\\u2028'|tojson  'a\\tb'|tojson  [1]|tojson(indent='--')
html|escape  html|e  html|safe  (html|safe) + '<'  '<' + (html|safe)  (html|safe) ~ '<'  ['<'|safe]  ('<b>'|safe).replace('b', '<i>')  'a<'|safe|upper + '<'  html|forceescape  html|e|e
'a\\nb\\n\\nc'|indent  'a\\nb\\n\\nc'|indent(2, true)  'a\\nb\\n\\nc'|indent(2, blank=true)  'a\\nb'|indent('> ')  'a\\nb\\n'|indent  s|center(20)  s|center(21)  s|truncate(8)  s|truncate(8, true, '~', 0)  s|truncate(11)
'one two three'|wordcount  'a b&c/d é'|urlencode  {'a': 'x y', 'b': '&'}|urlencode  '%s-%d'|format('a', 3)  '%(x)s'|format(x=1)  '%5.2f|%-5s|%05d|%x|%X|%o|%e|%g'|format(3.14159, 'ab', 42, 255, 255, 8, 12345.678, 0.00001)
'%s %r %%' % ('a', 'b')  '%s' % n  '%s' % [1, 2]  '%c%c' % (65, 'b')  '%+d % d' % (5, 5)  '%#x' % 255  '%.3s' % 'abcdef'  '%*d' % (5, 42)  '%i' % 3.9  '%g' % 1e10  '%g' % 123456  '%e' % 0
'{}-{}'.format(1, 'a')  '{1}{0}'.format('a', 'b')  '{x}'.format(x=3)  '{:>5}|{:<5}|{:^5}|{:*^7}'.format('a', 'b', 'c', 'd')  '{:05d}'.format(42)  '{:.2f}'.format(3.14159)  '{:,}'.format(1234567)  '{:x}'.format(255)
'{:%}'.format(0.25)  '{:e}'.format(12345.0)  '{:+}'.format(3)  '{0[1]}'.format([1, 2])  '{a[b]}'.format(a={'b': 3})  '{!r}'.format('a')  '{{}}'.format()  '{:{}}'.format('a', 4)  '{:10.3f}|'.format(2.5)  '{:g}'.format(0.1)
s.upper()  s.lower()  s.title()  "they're bill's"|title  "they're bill's".title()  s.capitalize()  s.swapcase()  s.split()  s.split(',')  s.split('l')  s.split('l', 1)  s.rsplit('l', 1)  '  a  b '.split()  '  a  b '.split(none, 1)
' a b c '.rsplit(none, 1)  'a,b,,c'.split(',')  ''.split()  ''.split(',')  'a\\nb\\r\\nc\\rd'.splitlines()  'a\\nb\\n'.splitlines(true)  s.partition(',')  s.rpartition('o')  s.partition('zz')  s.rpartition('zz')
t.strip()  t.lstrip()  t.rstrip()  'xxaxyx'.strip('xy')  'abcabc'.lstrip('ab')  '\\u00a0a\\u3000\\x1f'.strip()  s.startswith('He')  s.startswith(('x', 'H'))  s.endswith('ld')  s.startswith('e', 1)  s.endswith('He', 0, 2)  s.startswith('')
s.find('o')  s.find('o', 5)  s.rfind('o')  s.find('zz')  s.index('o')  s.count('l')  s.count('')  u.find('ß')  s.replace('o', '0')  s.replace('o', '0', 1)  ', '.join(words)  ''.join([])  s.removeprefix('Hello')  s.removesuffix('World')
'a'.center(4, '*')  'a'.ljust(3) ~ '|'  'a'.rjust(3)  '42'.zfill(5)  '-42'.zfill(5)  'a\\tb'.expandtabs()  'ab\\tc'.expandtabs(4)  'abc'.isalpha()  'a1'.isalnum()  '12'.isdigit()  '²'.isdigit()  '½'.isnumeric()  '½'.isdigit()  ' '.isspace()  ''.isspace()
'aB'.islower()  'ab1'.islower()  'AB'.isupper()  'Ab Cd'.istitle()  'a_1'.isidentifier()  '1a'.isidentifier()  'é'.isascii()  ''.isascii()  'a\\n'.isprintable()  'ß'.casefold()  l.index(1)  l.count(1)
n is odd  n is even  n is divisibleby 7  n is divisibleby(2)  zz is defined  n is defined  zz is undefined  none is none  zz is none  s is string  n is string  n is number  true is number  f is float  n is integer  true is integer
b is boolean  b is true  z is false  false is false  d is mapping  l is mapping  l is iterable  s is iterable  n is iterable  zz is iterable  l is sequence  d is sequence  zz is sequence  d.items() is sequence  range(2) is sequence
n is callable  range is callable  s.upper is callable  'abc' is lower  'ABC' is upper  n is sameas 7  none is sameas none  l is sameas l  1 is in l  9 is not in(l)  n is eq 7  n is ne 7  n is gt 3  n is lt 3  n is ge 7  n is le 6  n is equalto 7
'upper' is filter  'nope' is filter  'odd' is test  html|safe is escaped  html is escaped  not n is odd  n is not odd  n is odd and true  n is defined and n > 3  1 if n is odd else 2
namespace(a=1).a  namespace({'a': 1}).a  namespace(a=1)  dict(a=1, b=2)  dict([('a', 1)])  dict({'a': 1}, b=2)  joiner('-')()  'a'|attr('upper')()  d|attr('b')  d|attr('keys')()|list  l.copy()  d.copy()
0x1F  0b101  0o17  1_000  1_0.5_0  'a\\x41\\u00e9\\101\\q\\
b'  '\\N{BULLET}'  "\\""  '\\''  strftime_now('%Y-%m-%d')  strftime_now('%d %b %Y, %A %B %j %H:%M:%S %p %I %y %U %W %w %u %a %-d %e %f %%')
(1, 2)[0]  [1, 2, 3][1:]|join  ('a', 'b')|join  [x, x]  l[true]  l['0']  d[[1]]  d[none]  s['x']  s[1.0]  none.x  none['x']  n.x  l.x  5[0]  d[1, 2]  (d.items()|list)[0][1]
s.__class__  d.__len__  ''.__class__ is defined  lipsum is defined  cycler(1, 2).next()  loop is defined  varargs is defined  'é' in u  '😀' in u  u.index('😀')  u.split('😀')[1]  u|reverse  u[::-1]  u|list|length
[1, 2, 3]|map('int')|sum  l|map|list  l|last|string ~ 'x'  n|d(1)|string|length  (n)  ((n))  [n,]  {'a': n,}  s|upper|lower|title  -n|abs  -1.5|round  +n  - -n  not not n  1.__class__ is defined
'a' 'b' ~ 'c'  1 + 2 ~ 3  1 ~ 2 * 3  2 * 3 ~ 4  1 - 1 ~ 1  2 ** 3 ** 2  -2 ** 2  (-2) ** 2  2 ** -2  8 // 3 * 2  8 / 4 / 2  1 + 1 == 2 and 2 + 2 == 4  1 == 1 == 1  1 in [1] == true  n|string == '7'  not n == 7
2.5|e|list  'x'|safe|first  e % l  e % d  l|truncate(9)  zz|truncate(9)  zz|reverse|list  ' a b c '.rsplit(none, 1)  s|center(4)
"""

BLOCKS = [
    "{% for x in l %}{{ x }}{% if not loop.last %},{% endif %}{% endfor %}",
    "{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }};{% endfor %}",
    "{% for x in l %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }} {% endfor %}",
    "{% for x in l %}{{ loop.cycle('a', 'b') }}{{ loop.changed(x > 1) }}{% endfor %}",
    "{% for x in el %}x{% else %}none{% endfor %}", "{% for x in zz %}x{% else %}none{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "{% for k in d %}{{ k }}{% endfor %}", "{% for c in s %}{{ c }}.{% endfor %}",
    "{% for a, b in items %}{{ a }}{{ b }}{% endfor %}", "{% for (a, b) in items %}{{ a }}{{ b }}{% endfor %}", "{% for a, b in l %}{% endfor %}",
    "{% for x in l if x > 1 %}{{ loop.index }}/{{ loop.length }}:{{ x }} {% endfor %}", "{% for x in l if x > 9 %}x{% else %}no{% endfor %}",
    "{% for x in l %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}", "{% for x in l %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}",
    "{% set x = 1 %}{% for i in l %}{{ x }}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}",
    "{% set ns = namespace(x=1) %}{% for i in l %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}",
    "{% set ns = namespace(go=true) %}{% for i in l if ns.go %}{{ i }}{% set ns.go = false %}{% endfor %}",
    "{% if z %}a{% elif n %}b{% else %}c{% endif %}", "{% if z %}a{% elif e %}b{% else %}c{% endif %}", "{% if n %}{% set y = 5 %}{% endif %}{{ y }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}", "{% set a, b = 1 %}", "{% set a, b = [1, 2, 3] %}", "{% set x = 1, 2 %}{{ x }}", "{% set x = [1] %}{% set x = x + [2] %}{{ x }}",
    "{% set x %}a{{ n }}b{% endset %}[{{ x }}]", "{% set x | upper | trim %} a{{ s }}b {% endset %}[{{ x }}]", "{% set ns = namespace() %}{% set ns.a %}q{% endset %}{{ ns.a }}",
    "{% set n.x = 1 %}", "{% set zz.x = 1 %}", "{% set d.x = 1 %}", "{% set true = 1 %}",
    "{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }}|{{ m(1, 3) }}|{{ m(a=5, c=6) }}|{{ m() }}",
    "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, x=4) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(x=2) }}",
    "{% macro m() %}{{ n }}{{ y }}{% endmacro %}{% set y = 3 %}{{ m() }}", "{% for i in l %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}",
    "{% macro f(x) %}{% if x > 0 %}{{ x }}{{ f(x - 1) }}{% endif %}{% endmacro %}{{ f(5) }}", "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
    "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}in{{ n }}{% endcall %}", "{% macro m() %}[{{ caller(1, 2) }}]{% endmacro %}{% call(a, b=9) m() %}{{ a }}{{ b }}{% endcall %}",
    "{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}", "{% macro m() %}x{% endmacro %}{{ m.name }}", "{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}",
    "{% filter upper %}a{{ s }}{% endfilter %}", "{% filter replace('a', 'b') | upper %}banana{% endfilter %}", "{% with a=1, b=n %}{{ a }}{{ b }}{% endwith %}{{ a }}", "{% with %}{% set q1 = 1 %}{{ q1 }}{% endwith %}{{ q1 }}",
    "{% generation %}a{% set g = 1 %}{{ s }}{% endgeneration %}{{ g }}", "{% raw %}{{ x }} {% if %}{% endraw %}y", "a {%- raw -%}  {{ x }}  {%- endraw -%}  y", "a\n  {% raw %}\n  x\n  {% endraw %}\nb",
    "{% block a %}x{{ n }}{% endblock %}{% block b %}{% endblock b %}", "{% set y = 1 %}{% block a %}{{ y }}{% endblock %}", "{% print n, s %}",
    "{% for x in [1, [2, [3, 4]]] recursive %}{% if x is iterable %}({{ loop(x) }}){% else %}{{ x }}@{{ loop.depth }}{% endif %}{% endfor %}",
    "a\n{% if true %}\nb\n{% endif %}\nc\n", "a\n  {% if true %}\n  b\n  {% endif %}\nc\n\n", "a\n  {%+ if true %}\n b{% endif %}", "a {%- if true -%} b {%- endif -%} c", "a\n{# c #}\nb", "a\n  {# c #}  \nb", "a {#- c -#} b",
    "a\n   {{ n }}\n  {{- n }}\n {{ n -}}\n b", "{% if true +%}\nx{% endif %}", "{{ n }}\n", "{{ n }}\n\n", "\r\na\rb\r\n", "x{% if true %}   \ny{% endif %}", "  {% if true %}a{% endif %}  {% if true %}b{% endif %}", "{#+ x +#}\ny",
    "  {% set x = 1 %}\n  {% set y = 2 %}\n{{ x }}{{ y }}", "\n\n{%- set x = 1 -%}\n\n{{ x }}", "{{ '{{' }}{{ '%}' }}", "{{ {'a': {'b': 1}} }}", "{{ {'a': {'b': 1}}.a.b }}", "{%if n%}x{%endif%}", "{%- if n -%}\n x {%- endif %}", "{{'a'}}{{-'b'-}} {{'c'}}",
    "{{ 1 }}{# {{ 2 }} {% x %} #}{{ 3 }}", "{% set x = '%}' %}{{ x }}", "{% set x = {'a': '}}'} %}{{ x.a }}", "a{{ '\n' }}b", "{%\nif\nn\n%}x{% endif %}\n{{ zz.y }}", "{{ x",  "{% if n %}", "{% endif %}", "{% for x in %}{% endfor %}", "{{ }}", "{% nope %}", "{{ n | nope }}",
    "{% if false %}{{ n | nope }}{% endif %}ok", "{{ n is nope }}", "{{ 1 if true else n|nope }}", "{{ n|nope if false else 2 }}", "{{ (1 }}", "{{ 1) }}", "{{ [1) }}", "{{ 'a }}", "{# x", "{% raw %}x", "{{ a.b.c }}", "{{ a b }}", "{{ n! }}", "{{ @ }}", "{{ 1a }}", "{{ n..x }}", "{{ n is odd is even }}",
    "{% break %}", "{% macro m() %}{% break %}{% endmacro %}", "{% for x in l %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}", "{% include 'x' %}", "{% extends 'x' %}", "{% import 'x' as y %}", "{% do x %}", "{% trans %}x{% endtrans %}",
    "{{ l.append(4) }}", "{% set _ = d.update({'a': 1}) %}", "{{ d.pop('a') }}", "{{ d.setdefault('a', 1) }}", "{{ l.append is defined }}", "{{ l.append }}", "{{ d.update }}x", "{{ raise_exception('no ' ~ n) }}", "{{ strftime_now() }}", "{{ zz() }}", "{{ n() }}", "{{ zz.a }}", "{{ none.a.b }}", "{{ zz + 1 }}", "{{ 1 + zz }}", "{{ zz < 1 }}", "{{ -zz }}",
    "{{ 1 + 'a' }}", "{{ 'a' + 1 }}", "{{ 'a' + none }}", "{{ [1] + (2,) }}", "{{ 'a' * 'b' }}", "{{ 1 / 0 }}", "{{ 1 // 0 }}", "{{ 1 % 0 }}", "{{ 1.0 / 0 }}", "{{ 'a' < 1 }}", "{{ none < 1 }}", "{{ d < d }}", "{{ 1 in 'a' }}", "{{ 'a' in 1 }}", "{{ zz in 'abc' }}", "{{ 'a' in zz }}", "{{ zz in l }}", "{{ n|length }}", "{{ none|length }}", "{{ n|list }}", "{{ none|list }}", "{{ n|join }}",
    "{{ zz|tojson }}", "{{ range(3)|tojson }}", "{{ d.items()|tojson }}", "{{ l|map('string')|tojson }}", "{{ {(1, 2): 3}|tojson }}", "{{ namespace()|tojson }}", "{{ none|items is defined }}x", "{{ none|items|list }}", "{{ l|sort(attribute='x') }}", "{{ [1, 'a']|sort }}", "{{ [none, 1]|sort }}", "{{ 'abc'|int('x') }}", "{{ zz|int }}", "{{ zz|float }}", "{{ '%d' % 'a' }}", "{{ '%s %s' % 1 }}", "{{ '%s' % (1, 2) }}", "{{ '%(a)s' % 1 }}", "{{ '%(a)s' % {'a': 2} }}", "{{ '%y' % 1 }}", "{{ '{' .format(1) }}", "{{ '{}'.format() }}", "{{ '{a}'.format(1) }}", "{{ '{:d}'.format('a') }}",
    "{{ s.split('') }}", "{{ s.index('zz') }}", "{{ l.index(9) }}", "{{ s.nope() }}", "{{ s.startswith(1) }}", "{{ ''.join([1]) }}", "{{ s.center('x') }}", "{{ s.split(sep=',') }}", "{{ s.replace('a') }}", "{{ s.upper(1) }}", "{{ s[::0] }}", "{{ s['a':] }}", "{{ l[1.5] }}", "{{ d[l] }}", "{{ {l: 1} }}", "{{ [l]|unique|list }}", "{{ range(100001) }}", "{{ range(1, 5, 0)|list }}", "{{ range() }}", "{{ namespace(1) }}", "{{ dict(1) }}", "{{ loop.index }}", "{{ m|abs }}", "{{ s|abs }}", "{{ s|round }}", "{{ 'a'|indent('x', 1, 2, 3) }}", "{{ s|upper(1) }}", "{{ n|indent }}", "{{ l|batch(1)|list }}", "{{ l|slice(0)|list }}", "{{ 's'|default(1, 2, 3) }}",
    "{{ l|map('nope')|list }}", "{{ l|select('nope')|list }}", "{{ l|map()|list }}", "{{ l|selectattr()|list }}", "{% set g = l|map('string') %}{{ g|list }}{{ g|list }}", "{% set g = l|select %}{% if g %}t{% endif %}{% for x in g %}{{ x }}{{ loop.length }}{% endfor %}", "{% set g = l|map('string') %}{{ g|first }}{{ g|first }}{{ g|list }}", "{{ l|map('string')|last }}", "{{ l|reverse|first }}", "{% for x in d.items()|list %}{{ x }}{% endfor %}", "{{ s|map('upper')|join('-') }}", "{{ d|map('upper')|join('-') }}",
    "{% set x = namespace(a=1) %}{% set x.b = x.a + 1 %}{{ x.a }}{{ x.b }}{{ x.c }}{{ x.c is defined }}{{ x['a'] }}", "{% set ns = namespace(l=[]) %}{% for i in l %}{% set ns.l = ns.l + [i * 2] %}{% endfor %}{{ ns.l }}", "{% for i in range(3) %}{% for j in range(i) %}{{ i }}{{ j }}{{ loop.index }} {% endfor %}{{ loop.index }}|{% endfor %}",
    "{% for i in l %}{% if loop.index is divisibleby 2 %}{{ i }}{% endif %}{% endfor %}", "{% set j = joiner(', ') %}{% for i in l %}{{ j() }}{{ i }}{% endfor %}", "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.next() }}", "{% for m in users %}{{ m.name if m.name is defined else 'x' }}{{ m['age'] }}{% endfor %}", "{{ users[0]['in'].k }}{{ users[0].in.k }}", "{{ users[-1].name }}", "{{ users|map(attribute='name')|join(',') }}",
    "{% set x = ['a', 'b'] %}{% set x = x[:-1] %}{{ x }}", "{% set content = '<think>a</think>b' %}{{ content.split('</think>')[-1].lstrip('\\n') }}{{ content.split('</think>')[0].rstrip('\\n').split('<think>')[-1] }}", "{%- set d2 = dict(d, z=1) %}{{ d2 }}", "{% set x = s if s is string else '' %}{{ x }}", "{{ (s if b else e)|upper }}", "{{ s|trim|upper|length }}", "{{ not s is string }}", "{{ s is not string or b }}", "{{ [1, 2, 3][-1:][0] }}", "{{ f(*[1]) }}", "{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(*[1, 2]) }}{{ m(**{'a': 3, 'b': 4}) }}{{ m(1, **{'b': 5}) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}",
]


def snippets():
    for line in VALUES.replace("\\\nb", "\\\\nb").strip().splitlines():
        for value in line.split("  "):
            if value.strip(): yield "{{ " + value.strip() + " }}"
    yield from BLOCKS


rows = []
for text in dict.fromkeys(snippets()):
    made = row(text, CONTEXT)
    del made["ctx"]
    rows.append({"template": text, **made})
print(json.dumps({"context": CONTEXT, "rows": rows}, ensure_ascii=False, indent=0))
