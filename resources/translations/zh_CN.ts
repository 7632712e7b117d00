<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
  <context>
    <name>app</name>
    <message>
      <source>&amp;Edit</source>
      <translation>编辑(&amp;E)</translation>
    </message>
    <message>
      <source>&amp;File</source>
      <translation>文件(&amp;F)</translation>
    </message>
    <message>
      <source>&amp;Help</source>
      <translation>帮助(&amp;H)</translation>
    </message>
    <message>
      <source>&amp;Playback</source>
      <translation>播放(&amp;P)</translation>
    </message>
    <message>
      <source>&amp;Run</source>
      <translation>运行(&amp;R)</translation>
    </message>
    <message>
      <source>&amp;View</source>
      <translation>视图(&amp;V)</translation>
    </message>
    <message>
      <source>1, because the result is a scalar and no other was given</source>
      <translation>1：结果是标量，且没有给出别的起始梯度</translation>
    </message>
    <message>
      <source>A branch</source>
      <translation>分支</translation>
    </message>
    <message>
      <source>A loop</source>
      <translation>循环</translation>
    </message>
    <message>
      <source>A matrix</source>
      <translation>矩阵</translation>
    </message>
    <message>
      <source>A multi-layer perceptron</source>
      <translation>多层感知机</translation>
    </message>
    <message>
      <source>A scalar</source>
      <translation>标量</translation>
    </message>
    <message>
      <source>A small convolution</source>
      <translation>小型卷积网络</translation>
    </message>
    <message>
      <source>A vector with v</source>
      <translation>向量与 v</translation>
    </message>
    <message>
      <source>About graphviz_app</source>
      <translation>关于 graphviz_app</translation>
    </message>
    <message>
      <source>Accumulation</source>
      <translation>梯度累积</translation>
    </message>
    <message>
      <source>All values</source>
      <translation>全部数值</translation>
    </message>
    <message>
      <source>An LSTM step</source>
      <translation>LSTM 的一步</translation>
    </message>
    <message>
      <source>Backward pass</source>
      <translation>反向传播</translation>
    </message>
    <message>
      <source>Broadcasting</source>
      <translation>广播</translation>
    </message>
    <message>
      <source>Comment or uncomment</source>
      <translation>注释或取消注释</translation>
    </message>
    <message>
      <source>Console</source>
      <translation>控制台</translation>
    </message>
    <message>
      <source>Copy picture</source>
      <translation>复制图片</translation>
    </message>
    <message>
      <source>Dark theme</source>
      <translation>深色主题</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>设备</translation>
    </message>
    <message>
      <source>Dismiss</source>
      <translation>关闭</translation>
    </message>
    <message>
      <source>Draw left to right</source>
      <translation>从左到右绘制</translation>
    </message>
    <message>
      <source>Earlier passes</source>
      <translation>之前的反向传播</translation>
    </message>
    <message>
      <source>Examples</source>
      <translation>示例</translation>
    </message>
    <message>
      <source>Export graph as DOT…</source>
      <translation>导出计算图为 DOT…</translation>
    </message>
    <message>
      <source>Export picture as PDF…</source>
      <translation>导出图片为 PDF…</translation>
    </message>
    <message>
      <source>Export picture as PNG…</source>
      <translation>导出图片为 PNG…</translation>
    </message>
    <message>
      <source>Export picture as SVG…</source>
      <translation>导出图片为 SVG…</translation>
    </message>
    <message>
      <source>Export recording as JSON…</source>
      <translation>导出记录为 JSON…</translation>
    </message>
    <message>
      <source>Export step-through as GIF…</source>
      <translation>导出逐步动画为 GIF…</translation>
    </message>
    <message>
      <source>Faster</source>
      <translation>加快</translation>
    </message>
    <message>
      <source>Filter by name, shape, dtype…</source>
      <translation>按名称、形状、类型筛选…</translation>
    </message>
    <message>
      <source>Filter variables</source>
      <translation>筛选变量</translation>
    </message>
    <message>
      <source>Find a node</source>
      <translation>查找节点</translation>
    </message>
    <message>
      <source>Find a node by variable, expression, operation or module</source>
      <translation>按变量、表达式、运算或模块查找节点</translation>
    </message>
    <message>
      <source>Find a node…</source>
      <translation>查找节点…</translation>
    </message>
    <message>
      <source>Find in program</source>
      <translation>在程序中查找</translation>
    </message>
    <message>
      <source>First step</source>
      <translation>第一步</translation>
    </message>
    <message>
      <source>First steps: a product and a sum</source>
      <translation>第一步：乘积与求和</translation>
    </message>
    <message>
      <source>Fit the graph</source>
      <translation>显示整个计算图</translation>
    </message>
    <message>
      <source>Full screen</source>
      <translation>全屏</translation>
    </message>
    <message>
      <source>Go to line {line}</source>
      <translation>转到第 {line} 行</translation>
    </message>
    <message>
      <source>Go to the selected node's step</source>
      <translation>跳到所选节点的步骤</translation>
    </message>
    <message>
      <source>Hide the original message</source>
      <translation>隐藏原始信息</translation>
    </message>
    <message>
      <source>Incoming gradient</source>
      <translation>传入梯度</translation>
    </message>
    <message>
      <source>Incoming gradients</source>
      <translation>传入梯度</translation>
    </message>
    <message>
      <source>Index along dimension {axis}</source>
      <translation>第 {axis} 维的下标</translation>
    </message>
    <message>
      <source>Index along dimension {axis}, 0 to {last}</source>
      <translation>第 {axis} 维的下标，0 到 {last}</translation>
    </message>
    <message>
      <source>Index of the 1</source>
      <translation>1 的位置</translation>
    </message>
    <message>
      <source>Inspector</source>
      <translation>检查器</translation>
    </message>
    <message>
      <source>It was not kept: it was over the memory budget.</source>
      <translation>没有保留：超出内存预算。</translation>
    </message>
    <message>
      <source>Its value was not kept.</source>
      <translation>它的值没有保留。</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>快捷键</translation>
    </message>
    <message>
      <source>Language of the system</source>
      <translation>跟随系统语言</translation>
    </message>
    <message>
      <source>Larger program text</source>
      <translation>放大程序文字</translation>
    </message>
    <message>
      <source>Last step</source>
      <translation>最后一步</translation>
    </message>
    <message>
      <source>Light theme</source>
      <translation>浅色主题</translation>
    </message>
    <message>
      <source>Make them up and run</source>
      <translation>自动生成并运行</translation>
    </message>
    <message>
      <source>Memory limit</source>
      <translation>内存上限</translation>
    </message>
    <message>
      <source>New program</source>
      <translation>新建程序</translation>
    </message>
    <message>
      <source>Next pass</source>
      <translation>下一次反向传播</translation>
    </message>
    <message>
      <source>Next step</source>
      <translation>下一步</translation>
    </message>
    <message>
      <source>No variable matches the filter.</source>
      <translation>没有符合筛选条件的变量。</translation>
    </message>
    <message>
      <source>None</source>
      <translation>None</translation>
    </message>
    <message>
      <source>None of its inputs takes a gradient.</source>
      <translation>它的输入都不需要梯度。</translation>
    </message>
    <message>
      <source>Nothing selected</source>
      <translation>未选中任何内容</translation>
    </message>
    <message>
      <source>Only its statistics and picture were kept: the rest was over the memory budget.</source>
      <translation>只保留了统计量和缩略图：其余部分超出内存预算。</translation>
    </message>
    <message>
      <source>Open…</source>
      <translation>打开…</translation>
    </message>
    <message>
      <source>Original message</source>
      <translation>原始信息</translation>
    </message>
    <message>
      <source>Outgoing gradient</source>
      <translation>传出梯度</translation>
    </message>
    <message>
      <source>Outgoing gradients</source>
      <translation>传出梯度</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>暂停</translation>
    </message>
    <message>
      <source>Picture of the values</source>
      <translation>数值的图像</translation>
    </message>
    <message>
      <source>Play</source>
      <translation>播放</translation>
    </message>
    <message>
      <source>Play or pause</source>
      <translation>播放或暂停</translation>
    </message>
    <message>
      <source>Playback</source>
      <translation>播放</translation>
    </message>
    <message>
      <source>Previous pass</source>
      <translation>上一次反向传播</translation>
    </message>
    <message>
      <source>Previous step</source>
      <translation>上一步</translation>
    </message>
    <message>
      <source>Program</source>
      <translation>程序</translation>
    </message>
    <message>
      <source>Quit</source>
      <translation>退出</translation>
    </message>
    <message>
      <source>Recent files</source>
      <translation>最近的文件</translation>
    </message>
    <message>
      <source>Redo</source>
      <translation>重做</translation>
    </message>
    <message>
      <source>Result to start from</source>
      <translation>起始结果</translation>
    </message>
    <message>
      <source>Returned by autograd.grad</source>
      <translation>由 autograd.grad 返回</translation>
    </message>
    <message>
      <source>Run</source>
      <translation>运行</translation>
    </message>
    <message>
      <source>Run again</source>
      <translation>再次运行</translation>
    </message>
    <message>
      <source>Run another backward pass</source>
      <translation>再运行一次反向传播</translation>
    </message>
    <message>
      <source>Run backward from {name}</source>
      <translation>从 {name} 开始反向传播</translation>
    </message>
    <message>
      <source>Run the program to see its variables.</source>
      <translation>运行程序后，这里显示它的变量。</translation>
    </message>
    <message>
      <source>Runs with the same seed are repeatable.</source>
      <translation>种子相同，运行结果可重复。</translation>
    </message>
    <message>
      <source>Save</source>
      <translation>保存</translation>
    </message>
    <message>
      <source>Save as…</source>
      <translation>另存为…</translation>
    </message>
    <message>
      <source>Save recording…</source>
      <translation>保存记录…</translation>
    </message>
    <message>
      <source>Saved for backward</source>
      <translation>为反向传播保存</translation>
    </message>
    <message>
      <source>Seed</source>
      <translation>随机种子</translation>
    </message>
    <message>
      <source>Select a node, a variable or an expression of the program to see its numbers.</source>
      <translation>选择一个节点、变量或程序中的表达式，查看其中的数字。</translation>
    </message>
    <message>
      <source>Set the memory limit…</source>
      <translation>设置内存上限…</translation>
    </message>
    <message>
      <source>Set the seed…</source>
      <translation>设置随机种子…</translation>
    </message>
    <message>
      <source>Show all {count} values</source>
      <translation>显示全部 {count} 个值</translation>
    </message>
    <message>
      <source>Show the node</source>
      <translation>显示该节点</translation>
    </message>
    <message>
      <source>Show the original message</source>
      <translation>显示原始信息</translation>
    </message>
    <message>
      <source>Shows PyTorch's autograd: the graph of a program and its backward pass, step by step. Every number was computed by torch in this run. A program you run can do anything you can do: this is not a sandbox.</source>
      <translation>展示 PyTorch 的自动求导：程序的计算图，以及逐步进行的反向传播。每个数字都由 torch 在这次运行中算出。您运行的程序能做您能做的任何事：这里不是沙箱。</translation>
    </message>
    <message>
      <source>Slower</source>
      <translation>放慢</translation>
    </message>
    <message>
      <source>Smaller program text</source>
      <translation>缩小程序文字</translation>
    </message>
    <message>
      <source>Speed</source>
      <translation>速度</translation>
    </message>
    <message>
      <source>Steps of the backward pass</source>
      <translation>反向传播的步骤</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <source>Stop a program that uses more than this many percent of the memory that was free when it started.</source>
      <translation>程序使用的内存超过启动时空闲内存的这个百分比时，停止该程序。</translation>
    </message>
    <message>
      <source>The default device the program runs with</source>
      <translation>程序运行时的默认设备</translation>
    </message>
    <message>
      <source>The first {count} columns are shown.</source>
      <translation>只显示前 {count} 列。</translation>
    </message>
    <message>
      <source>The gradient goes to the caller; .grad stays as it was.</source>
      <translation>梯度交给调用者；.grad 保持不变。</translation>
    </message>
    <message>
      <source>The numbers of v</source>
      <translation>v 的各个数</translation>
    </message>
    <message>
      <source>Theme of the system</source>
      <translation>跟随系统主题</translation>
    </message>
    <message>
      <source>This pass does not reach it.</source>
      <translation>这次反向传播没有到达这里。</translation>
    </message>
    <message>
      <source>This pass does not start here.</source>
      <translation>这次反向传播不从这里开始。</translation>
    </message>
    <message>
      <source>This program ran no backward pass.</source>
      <translation>这个程序没有运行反向传播。</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>撤销</translation>
    </message>
    <message>
      <source>Value</source>
      <translation>值</translation>
    </message>
    <message>
      <source>Variables</source>
      <translation>变量</translation>
    </message>
    <message>
      <source>Which v</source>
      <translation>选择 v</translation>
    </message>
    <message>
      <source>Why no gradient flows here</source>
      <translation>为什么这里没有梯度流过</translation>
    </message>
    <message>
      <source>Zoom in</source>
      <translation>放大</translation>
    </message>
    <message>
      <source>Zoom out</source>
      <translation>缩小</translation>
    </message>
    <message>
      <source>accumulates into .grad</source>
      <translation>累加到 .grad</translation>
    </message>
    <message>
      <source>and {count} before these</source>
      <translation>以及更早的 {count} 次</translation>
    </message>
    <message>
      <source>and {count} more</source>
      <translation>以及另外 {count} 个</translation>
    </message>
    <message>
      <source>before</source>
      <translation>之前</translation>
    </message>
    <message>
      <source>before the first step</source>
      <translation>第一步之前</translation>
    </message>
    <message>
      <source>builds a graph for higher derivatives</source>
      <translation>为高阶导数建图</translation>
    </message>
    <message>
      <source>constant</source>
      <translation>常量</translation>
    </message>
    <message>
      <source>cut</source>
      <translation>截断</translation>
    </message>
    <message>
      <source>device</source>
      <translation>设备</translation>
    </message>
    <message>
      <source>drawing…</source>
      <translation>正在绘制…</translation>
    </message>
    <message>
      <source>dtype</source>
      <translation>类型</translation>
    </message>
    <message>
      <source>empty: no elements</source>
      <translation>空：没有元素</translation>
    </message>
    <message>
      <source>grad</source>
      <translation>梯度</translation>
    </message>
    <message>
      <source>inside pass {number}</source>
      <translation>在第 {number} 次反向传播之中</translation>
    </message>
    <message>
      <source>leaf</source>
      <translation>叶子</translation>
    </message>
    <message>
      <source>line {line}</source>
      <translation>第 {line} 行</translation>
    </message>
    <message>
      <source>made by</source>
      <translation>来源</translation>
    </message>
    <message>
      <source>max</source>
      <translation>最大</translation>
    </message>
    <message>
      <source>mean</source>
      <translation>均值</translation>
    </message>
    <message>
      <source>min</source>
      <translation>最小</translation>
    </message>
    <message>
      <source>name</source>
      <translation>名称</translation>
    </message>
    <message>
      <source>no</source>
      <translation>否</translation>
    </message>
    <message>
      <source>norm</source>
      <translation>范数</translation>
    </message>
    <message>
      <source>not available</source>
      <translation>不可用</translation>
    </message>
    <message>
      <source>not computed yet: comes at step {step}</source>
      <translation>尚未计算：将在第 {step} 步得到</translation>
    </message>
    <message>
      <source>one-hot</source>
      <translation>独热</translation>
    </message>
    <message>
      <source>ones</source>
      <translation>全 1</translation>
    </message>
    <message>
      <source>operation</source>
      <translation>运算</translation>
    </message>
    <message>
      <source>output {slot}</source>
      <translation>输出 {slot}</translation>
    </message>
    <message>
      <source>packing…</source>
      <translation>正在整理…</translation>
    </message>
    <message>
      <source>raised an error</source>
      <translation>发生错误</translation>
    </message>
    <message>
      <source>ran in {time} · {nodes} nodes · seed {seed} · {device}</source>
      <translation>运行用时 {time} · {nodes} 个节点 · 种子 {seed} · {device}</translation>
    </message>
    <message>
      <source>random</source>
      <translation>随机</translation>
    </message>
    <message>
      <source>recording…</source>
      <translation>正在记录…</translation>
    </message>
    <message>
      <source>requires_grad</source>
      <translation>requires_grad</translation>
    </message>
    <message>
      <source>result</source>
      <translation>结果</translation>
    </message>
    <message>
      <source>result {name}</source>
      <translation>结果 {name}</translation>
    </message>
    <message>
      <source>returns gradients, leaves .grad alone</source>
      <translation>返回梯度，不改动 .grad</translation>
    </message>
    <message>
      <source>root</source>
      <translation>根</translation>
    </message>
    <message>
      <source>run by the app</source>
      <translation>由本应用运行</translation>
    </message>
    <message>
      <source>running backward…</source>
      <translation>正在反向传播…</translation>
    </message>
    <message>
      <source>running…</source>
      <translation>正在运行…</translation>
    </message>
    <message>
      <source>shape</source>
      <translation>形状</translation>
    </message>
    <message>
      <source>std</source>
      <translation>标准差</translation>
    </message>
    <message>
      <source>step {step}</source>
      <translation>第 {step} 步</translation>
    </message>
    <message>
      <source>step {step} of {total}</source>
      <translation>第 {step} 步，共 {total} 步</translation>
    </message>
    <message>
      <source>this pass</source>
      <translation>本次</translation>
    </message>
    <message>
      <source>this pass does not compute it</source>
      <translation>这次反向传播不计算它</translation>
    </message>
    <message>
      <source>to {name}</source>
      <translation>传给 {name}</translation>
    </message>
    <message>
      <source>typed</source>
      <translation>手动输入</translation>
    </message>
    <message>
      <source>used, but not differentiated</source>
      <translation>被使用，但不参与求导</translation>
    </message>
    <message>
      <source>v needs {wanted} numbers for shape {shape}; there are {got}.</source>
      <translation>形状为 {shape} 的 v 需要 {wanted} 个数；现在有 {got} 个。</translation>
    </message>
    <message>
      <source>v, shape {shape}</source>
      <translation>v，形状 {shape}</translation>
    </message>
    <message>
      <source>v, the gradient the pass starts with</source>
      <translation>v：反向传播的起始梯度</translation>
    </message>
    <message>
      <source>value</source>
      <translation>值</translation>
    </message>
    <message>
      <source>version {number}</source>
      <translation>版本 {number}</translation>
    </message>
    <message>
      <source>whole graph</source>
      <translation>整个计算图</translation>
    </message>
    <message>
      <source>yes</source>
      <translation>是</translation>
    </message>
    <message>
      <source>zero, not None</source>
      <translation>零，不是 None</translation>
    </message>
    <message>
      <source>zeros</source>
      <translation>零的个数</translation>
    </message>
    <message>
      <source>{count} nodes selected</source>
      <translation>已选中 {count} 个节点</translation>
    </message>
    <message>
      <source>{count} numbers</source>
      <translation>{count} 个数</translation>
    </message>
    <message>
      <source>{name} (no backward yet)</source>
      <translation>{name}（尚未反向传播）</translation>
    </message>
    <message>
      <source>{number} · {text}</source>
      <translation>{number} · {text}</translation>
    </message>
    <message>
      <source>“{word}” is not a number.</source>
      <translation>“{word}”不是数字。</translation>
    </message>
  </context>
</TS>
