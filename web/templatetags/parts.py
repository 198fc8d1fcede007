"""`{% load parts %}`: the parts that every page is made of. The index; web/parts/ says more.

Each tag draws the template of its name in templates/web/. All of them stand together, drawn and
with their usage, on /styleguide/. Tags with an end tag wrap what you write between. Texts come
translated (`{% translate "…" as title %}` first), numbers are written for you, addresses come from
`{% url %}`.

Page, web/parts/page.py
    {% crumbs label url … last_label as trail %}
    {% head title line= crumbs=trail note= %} one action {% endhead %}
    {% section title count= url= link= id= sample= %} … {% endsection %}
    {% sheet title= id= %} … {% endsheet %}
    {% message kind title= id= %} … {% endmessage %}             kind: "" must look done
    {% confirm title url= verb= back_url= back= danger= %} the effect {% endconfirm %}
    {% nothing sentence url= link= %}

Lists, web/parts/lists.py
    {% list wide= id= %} {% item title url= state= word= line= %} … {% enditem %} {% endlist %}
        in an item: {% middle %} state<br>who {% endmiddle %} {% right %} clock, link {% endright %}
    {% board %} {% column title count= id= %} a list {% endcolumn %} {% endboard %}
    {% timeline %} {% event at %} who did what {% endevent %} {% endtimeline %}
    {% filters form target= clear_url= %} … {% endfilters %}     {% pager page %}
    {% chips label %} {% chip text url current= %} {% endchips %}

Facts, web/parts/facts.py
    {% detail small= %} {% fact label %} … {% endfact %} {% enddetail %}
    {% steps labels current %}                                   {% clock left promised %}
    {% state kind %} word {% endstate %}                         kind: "" wait look done stop
    {% progress job url= result_url= result= %}
    {% sample %} {% prefilled %} {% restated %} {% mark text kind %}

Figures, web/parts/figures.py
    {% figure value unit url= of= word= %}                       {% rate ratio of word %}
    {% table label kind= %} thead, tbody {% endtable %}          kind: stack pair tight fix form
        {% number_cell value url= label= unit= mark= kind= %}
        {% rate_cell ratio of word url= label= kind= %}
    {% seat_bar firm= hold= closed= free= %}  {% legend firm= … %}  {% seat_mark kind %}
    {% chart id chart caption= sample= %}                        web.charts makes the chart

Forms, web/parts/forms.py
    {% form form url= submit= id= back_url= back= target= plain= %} … {% endform %}
    {% fields form name … half= %}
    {% sum_group form name … title= unit= total= total_field= untouched= %}
    {% foot %} … {% endfoot %}                                   in {% block foot %}

Layout is plain HTML: `<div class="x-2"><div>…</div><aside>…</aside></div>` is content with 360 px
beside it; `x-2 x-2l` sections beside a form; `x-3` three columns; `x-row` things in a row; `x-half`
two fields side by side. Text: `s` small, `xs` smaller, `q` quiet, `nb` unbroken. `x-hide` is away
on a phone, `x-only-phone` is there only. One `btn btn-primary` a page; other buttons are `btn`;
links are links.
"""

from web.parts import facts, figures, forms, lists, page
from web.parts.drawing import register

__all__ = ["facts", "figures", "forms", "lists", "page", "register"]
