// Draws every .x-chart from the option that stands beside it as JSON: {% chart %}.
// ECharts is fetched only where there is a chart; if it does not come, the table stays open.
"use strict";

let echartsLoads;

function loadEcharts(url) {
  echartsLoads ||= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  return echartsLoads;
}

function inOurLanguage(option) {
  const styles = getComputedStyle(document.documentElement);
  const colour = (name) => styles.getPropertyValue(name).trim();
  const { fontFamily } = getComputedStyle(document.body);
  return {
    animation: false,
    color: ["--x-s1", "--x-s2", "--x-s3", "--x-s4"].map(colour),
    textStyle: { fontFamily },
    ...option,
    // ECharts' own tooltip writes style attributes, which the content policy refuses.
    tooltip: {
      ...option.tooltip,
      renderMode: "richText",
      confine: true,
      backgroundColor: colour("--x-sheet"),
      borderColor: colour("--x-rule-2"),
      borderWidth: 1,
      shadowBlur: 0,
      shadowOffsetX: 0,
      shadowOffsetY: 0,
      textStyle: { color: colour("--x-ink"), fontFamily, fontSize: 12, fontWeight: 400 },
    },
  };
}

async function draw(box) {
  const twin = box.parentElement.querySelector(".x-twin");
  try {
    const echarts = await loadEcharts(box.dataset.echarts);
    const option = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const canvas = box.appendChild(document.createElement("div"));
    const chart = echarts.init(canvas, null, { renderer: "svg" });
    chart.setOption(inOurLanguage(option));
    chart.on("click", ({ data }) => data?.url && location.assign(data.url)); // its row in the table
    new ResizeObserver(() => chart.resize()).observe(box);
    twin.open = false;
  } catch {
    box.remove();
  }
  twin.classList.add("seen");
}

function drawAll(root) {
  root.querySelectorAll(".x-chart:not([data-drawn])").forEach((box) => {
    box.dataset.drawn = "";
    draw(box);
  });
}

drawAll(document);
document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
