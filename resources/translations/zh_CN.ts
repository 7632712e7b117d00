<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
  <context>
    <name>app</name>
    <message>
      <source>&amp;Derivatives</source>
      <translation>求导(&amp;D)</translation>
    </message>
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
      <source>+Inf {count}</source>
      <translation>+Inf {count}</translation>
    </message>
    <message>
      <source>.data was used: the gradient stops here, and autograd does not even check</source>
      <translation>使用了 .data：梯度到此为止，autograd 连检查都不做</translation>
    </message>
    <message>
      <source>.grad after this step</source>
      <translation>这一步之后的 .grad</translation>
    </message>
    <message>
      <source>.grad afterwards is not what it was before plus the gradient that arrived: a hook of the program has changed it.</source>
      <translation>之后的 .grad 不等于之前的 .grad 加上到达的梯度：程序的某个钩子改变了它。</translation>
    </message>
    <message>
      <source>0 times infinity is not a number.</source>
      <translation>0 乘以无穷大不是一个数。</translation>
    </message>
    <message>
      <source>1 node</source>
      <translation>1 个节点</translation>
    </message>
    <message>
      <source>1 path</source>
      <translation>1 条路径</translation>
    </message>
    <message>
      <source>1, because the result is a scalar and no other was given</source>
      <translation>1：结果是标量，且没有给出别的起始梯度</translation>
    </message>
    <message>
      <source>3-D: sunspots, a forecast from windows of years</source>
      <translation>3 维：太阳黑子，用若干年的窗口作预测</translation>
    </message>
    <message>
      <source>3-D: weekly CO2, a series with gaps</source>
      <translation>3 维：每周 CO2，有缺口的序列</translation>
    </message>
    <message>
      <source>4-D: a photograph and its gradient</source>
      <translation>4 维：一张照片及其梯度</translation>
    </message>
    <message>
      <source>4-D: handwritten digits</source>
      <translation>4 维：手写数字</translation>
    </message>
    <message>
      <source>5-D: a video and its gradient</source>
      <translation>5 维：一段视频及其梯度</translation>
    </message>
    <message>
      <source>A .npy file has no {dtype} numbers; save it as .safetensors, which has.</source>
      <translation>.npy 文件不支持 {dtype} 数值；请存为 .safetensors。</translation>
    </message>
    <message>
      <source>A .safetensors file has no {dtype} numbers.</source>
      <translation>.safetensors 文件不支持 {dtype} 数值。</translation>
    </message>
    <message>
      <source>A .safetensors file has no {dtype} numbers; save it as .npy, which has.</source>
      <translation>.safetensors 文件不支持 {dtype} 数值；请存为 .npy。</translation>
    </message>
    <message>
      <source>A branch</source>
      <translation>分支</translation>
    </message>
    <message>
      <source>A check in the program failed (assert).</source>
      <translation>程序中的一项检查（assert）没有通过。</translation>
    </message>
    <message>
      <source>A closing parenthesis “)” is missing.</source>
      <translation>缺少右括号“)”。</translation>
    </message>
    <message>
      <source>A complex number counts as two: first all real parts, then all imaginary ones. A gradient is ∂L/∂Re + i·∂L/∂Im, the conjugate Wirtinger derivative that points along steepest ascent.</source>
      <translation>一个复数算作两个数：先是所有实部，再是所有虚部。梯度是 ∂L/∂Re + i·∂L/∂Im，即指向最速上升方向的共轭 Wirtinger 导数。</translation>
    </message>
    <message>
      <source>A file was not found: {name}.</source>
      <translation>找不到文件：{name}。</translation>
    </message>
    <message>
      <source>A function called itself too many times.</source>
      <translation>某个函数调用自身的次数过多。</translation>
    </message>
    <message>
      <source>A function was given a value it cannot use.</source>
      <translation>某个函数得到了它不能使用的值。</translation>
    </message>
    <message>
      <source>A leaf of this pass cannot be found again when the program is run again.</source>
      <translation>再次运行程序时找不到这次反向传播的某个叶子。</translation>
    </message>
    <message>
      <source>A leaf that requires a gradient was changed in place.</source>
      <translation>一个需要梯度的叶子张量被原地修改了。</translation>
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
      <source>A nested tensor has rows of different lengths, so there is no one matrix to show. The gradients that flowed in and out can be seen.</source>
      <translation>嵌套张量的各行长度不同，因此没有一个完整的矩阵可以显示。流入和流出的梯度仍可查看。</translation>
    </message>
    <message>
      <source>A newer run has taken the place of this one, so its values are gone.</source>
      <translation>较新的运行已取代这一次，它的值已不存在。</translation>
    </message>
    <message>
      <source>A photograph</source>
      <translation>一张照片</translation>
    </message>
    <message>
      <source>A power's derivative by its exponent holds the logarithm of the base, which is not real here.</source>
      <translation>幂对指数的导数含有底数的对数，而它在这里不是实数。</translation>
    </message>
    <message>
      <source>A range such as 10..20 is compared by “=”: {field} = 10..20</source>
      <translation>范围（如 10..20）用“=”比较：{field} = 10..20</translation>
    </message>
    <message>
      <source>A saved value was not finite already: the forward pass made it.</source>
      <translation>保存的值本身就不是有限数：它产生于前向计算。</translation>
    </message>
    <message>
      <source>A scalar</source>
      <translation>标量</translation>
    </message>
    <message>
      <source>A scalar and its gradient</source>
      <translation>标量和它的梯度</translation>
    </message>
    <message>
      <source>A short clip (made, not filmed)</source>
      <translation>一段短片（制作而成，非实拍）</translation>
    </message>
    <message>
      <source>A slice can have only one ellipsis (...).</source>
      <translation>一个切片只能有一个省略号（...）。</translation>
    </message>
    <message>
      <source>A small convolution</source>
      <translation>小型卷积网络</translation>
    </message>
    <message>
      <source>A table needs at least one; text alone is no tensor.</source>
      <translation>表格至少要有一列数字；只有文字不成张量。</translation>
    </message>
    <message>
      <source>A tensor is saved as .npy or as .safetensors; give the file a name that ends in one of them.</source>
      <translation>张量可存为 .npy 或 .safetensors；请给文件取一个以其中之一结尾的名字。</translation>
    </message>
    <message>
      <source>A tensor made inside torch.inference_mode() was used where a gradient is needed.</source>
      <translation>在需要梯度的地方使用了 torch.inference_mode() 中产生的张量。</translation>
    </message>
    <message>
      <source>A tensor needed for the gradient was changed in place after it had been used.</source>
      <translation>求梯度所需的张量在使用之后被原地修改了。</translation>
    </message>
    <message>
      <source>A tensor with more than one value cannot be true or false.</source>
      <translation>不止一个值的张量不能当作真或假。</translation>
    </message>
    <message>
      <source>A tensor with several elements cannot become a single Python number.</source>
      <translation>有多个元素的张量不能变成一个 Python 数。</translation>
    </message>
    <message>
      <source>A torch.autograd.Function: its rule is the backward() written for it.</source>
      <translation>这是 torch.autograd.Function：它的法则就是其中写的 backward()。</translation>
    </message>
    <message>
      <source>A training step that diverges</source>
      <translation>发散的训练步</translation>
    </message>
    <message>
      <source>A vector with v</source>
      <translation>向量与 v</translation>
    </message>
    <message>
      <source>A view made inside torch.no_grad() was changed in place outside it.</source>
      <translation>在 torch.no_grad() 中产生的视图，在其外部被原地修改了。</translation>
    </message>
    <message>
      <source>A view of a leaf that requires a gradient was changed in place.</source>
      <translation>需要梯度的叶子张量的视图被原地修改了。</translation>
    </message>
    <message>
      <source>Aa</source>
      <translation>Aa</translation>
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
      <source>Across (x)</source>
      <translation>横向（x）</translation>
    </message>
    <message>
      <source>After the first {kept} backward passes only {later} of the next {count} were recorded, ever fewer of them.</source>
      <translation>前 {kept} 次反向传播之后，接下来的 {count} 次中只记录了 {later} 次，而且越来越稀疏。</translation>
    </message>
    <message>
      <source>After “{word}” something is missing.</source>
      <translation>“{word}”后面缺少内容。</translation>
    </message>
    <message>
      <source>All of it times {number}.</source>
      <translation>整体再乘以 {number}。</translation>
    </message>
    <message>
      <source>All values</source>
      <translation>全部数值</translation>
    </message>
    <message>
      <source>All {count} gradients are finite, and none is zero, vanishing or exploding.</source>
      <translation>全部 {count} 个梯度都是有限的，没有为零、消失或爆炸的。</translation>
    </message>
    <message>
      <source>An LSTM step</source>
      <translation>LSTM 的一步</translation>
    </message>
    <message>
      <source>An index lies outside what it indexes.</source>
      <translation>下标超出了范围。</translation>
    </message>
    <message>
      <source>An opened recording has no live graph to compute derivatives on. Run its program again.</source>
      <translation>打开的记录没有活动的计算图，无法计算导数。请重新运行它的程序。</translation>
    </message>
    <message>
      <source>An operation on the way has no rule for forward mode.</source>
      <translation>途中有一个运算没有前向模式的规则。</translation>
    </message>
    <message>
      <source>Ancestors of {name}</source>
      <translation>{name} 的祖先节点</translation>
    </message>
    <message>
      <source>Anomaly detection stopped the backward: {function} returned NaN.</source>
      <translation>异常检测中止了反向传播：{function} 返回了 NaN。</translation>
    </message>
    <message>
      <source>As many inputs as outputs: either mode needs {count} products.</source>
      <translation>输入与输出一样多：两种模式都需要 {count} 次乘积。</translation>
    </message>
    <message>
      <source>As many names as axes are needed: {wanted}, not {given}.</source>
      <translation>名称的数目须与轴的数目相同：需要 {wanted} 个，而不是 {given} 个。</translation>
    </message>
    <message>
      <source>Autograd graph of {name}</source>
      <translation>{name} 的自动求导计算图</translation>
    </message>
    <message>
      <source>Automatic levels</source>
      <translation>自动色阶</translation>
    </message>
    <message>
      <source>Axes</source>
      <translation>轴</translation>
    </message>
    <message>
      <source>Axis {axis} has no elements, so there is no index {index}.</source>
      <translation>轴 {axis} 没有元素，所以没有索引 {index}。</translation>
    </message>
    <message>
      <source>Axis {axis} has {size} elements: only an axis of 3 or 4 can be colour.</source>
      <translation>轴 {axis} 有 {size} 个元素：只有长度为 3 或 4 的轴才能作为颜色。</translation>
    </message>
    <message>
      <source>Back to what is true</source>
      <translation>恢复真实</translation>
    </message>
    <message>
      <source>Back to what was looked at before</source>
      <translation>后退到之前查看的位置</translation>
    </message>
    <message>
      <source>Backward pass</source>
      <translation>反向传播</translation>
    </message>
    <message>
      <source>Before this step its gradient was None: there is nothing to compare with.</source>
      <translation>这一步之前它的梯度是 None：没有可比较的对象。</translation>
    </message>
    <message>
      <source>Before “{sign}” there must be a field: {fields}.</source>
      <translation>“{sign}”前面应当是一个字段：{fields}。</translation>
    </message>
    <message>
      <source>Broadcasting</source>
      <translation>广播</translation>
    </message>
    <message>
      <source>CO2 of each week, with gaps</source>
      <translation>每周 CO2（有缺口）</translation>
    </message>
    <message>
      <source>Call .detach().numpy(): numpy cannot carry gradients.</source>
      <translation>请用 .detach().numpy()：numpy 无法携带梯度。</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>取消</translation>
    </message>
    <message>
      <source>Central differences in {dtype} with step {step}; allowed: {absolute} + {relative} · |by differences|.</source>
      <translation>中心差分，{dtype}，步长 {step}；允许误差：{absolute} + {relative} · |差分所得|。</translation>
    </message>
    <message>
      <source>Chain rule</source>
      <translation>链式法则</translation>
    </message>
    <message>
      <source>Chain rule between two nodes</source>
      <translation>两个节点之间的链式法则</translation>
    </message>
    <message>
      <source>Check</source>
      <translation>检验</translation>
    </message>
    <message>
      <source>Check by differences</source>
      <translation>用差分检验</translation>
    </message>
    <message>
      <source>Check by finite differences</source>
      <translation>用有限差分检验</translation>
    </message>
    <message>
      <source>Check its name; if it is a package, install it where this app runs.</source>
      <translation>检查名称；如果它是一个包，请安装到本应用运行的环境。</translation>
    </message>
    <message>
      <source>Check its spelling, or use .get().</source>
      <translation>检查拼写，或使用 .get()。</translation>
    </message>
    <message>
      <source>Check that PyTorch can be imported: python -c 'import torch'.</source>
      <translation>检查能否导入 PyTorch：python -c 'import torch'。</translation>
    </message>
    <message>
      <source>Check that the very same tensor object was used, or pass allow_unused=True to get None.</source>
      <translation>检查用的是不是同一个张量对象，或传入 allow_unused=True 得到 None。</translation>
    </message>
    <message>
      <source>Check the condition that should end the recursion, or write it as a loop.</source>
      <translation>检查结束递归的条件，或改写成循环。</translation>
    </message>
    <message>
      <source>Check the path; it is looked for in the folder of the program.</source>
      <translation>检查路径；会在程序所在的文件夹中查找。</translation>
    </message>
    <message>
      <source>Check the selected node by differences</source>
      <translation>用差分检验所选节点</translation>
    </message>
    <message>
      <source>Check the spelling, or the type of what stands before the dot.</source>
      <translation>检查拼写，或检查点号前面对象的类型。</translation>
    </message>
    <message>
      <source>Check the value below the fraction line on the marked line.</source>
      <translation>检查标记行上除数的值。</translation>
    </message>
    <message>
      <source>Check who may read it.</source>
      <translation>请检查它的读取权限。</translation>
    </message>
    <message>
      <source>Checked: the whole call {function}.</source>
      <translation>已核对：整个调用 {function}。</translation>
    </message>
    <message>
      <source>Choose a file.</source>
      <translation>请选择一个文件。</translation>
    </message>
    <message>
      <source>Choose a leaf or an operation to which the gradient flows.</source>
      <translation>请选择梯度会流到的叶子或运算。</translation>
    </message>
    <message>
      <source>Choose a leaf, or a node that got a gradient.</source>
      <translation>请选择一个叶子，或一个得到梯度的节点。</translation>
    </message>
    <message>
      <source>Choose a node first.</source>
      <translation>请先选择一个节点。</translation>
    </message>
    <message>
      <source>Choose a repeated district first, or one of its members.</source>
      <translation>请先选择一个重复区域，或其中的一个成员。</translation>
    </message>
    <message>
      <source>Choose another file.</source>
      <translation>请选择另一个文件。</translation>
    </message>
    <message>
      <source>Choose the CPU in the toolbar and use torch.device("cuda" if torch.cuda.is_available() else "cpu").</source>
      <translation>在工具栏选择 CPU，并使用 torch.device("cuda" if torch.cuda.is_available() else "cpu")。</translation>
    </message>
    <message>
      <source>Choose two nodes first: the paths between them are shown.</source>
      <translation>请先选择两个节点：将显示它们之间的路径。</translation>
    </message>
    <message>
      <source>Clear the output</source>
      <translation>清空输出</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>关闭</translation>
    </message>
    <message>
      <source>Close all districts</source>
      <translation>收起所有区域</translation>
    </message>
    <message>
      <source>Close district</source>
      <translation>收起区域</translation>
    </message>
    <message>
      <source>Close the lesson</source>
      <translation>关闭课程</translation>
    </message>
    <message>
      <source>Close without it</source>
      <translation>不写入并关闭</translation>
    </message>
    <message>
      <source>Colour (RGB)</source>
      <translation>颜色（RGB）</translation>
    </message>
    <message>
      <source>Colour by device</source>
      <translation>按设备着色</translation>
    </message>
    <message>
      <source>Colour by dtype</source>
      <translation>按数据类型着色</translation>
    </message>
    <message>
      <source>Colour by memory kept for the backward</source>
      <translation>按为反向保留的内存着色</translation>
    </message>
    <message>
      <source>Colour by time of the backward</source>
      <translation>按反向时间着色</translation>
    </message>
    <message>
      <source>Colour by time of the forward</source>
      <translation>按前向时间着色</translation>
    </message>
    <message>
      <source>Colour the graph</source>
      <translation>为图着色</translation>
    </message>
    <message>
      <source>Colour the graph by gradient norm</source>
      <translation>按梯度范数给图着色</translation>
    </message>
    <message>
      <source>Colours</source>
      <translation>颜色</translation>
    </message>
    <message>
      <source>Colours of the graph</source>
      <translation>图的颜色</translation>
    </message>
    <message>
      <source>Colours of the {side}</source>
      <translation>{side}的颜色</translation>
    </message>
    <message>
      <source>Colours of the {side}: {mode}, {scope}</source>
      <translation>{side}的颜色：{mode}，{scope}</translation>
    </message>
    <message>
      <source>Comment or uncomment</source>
      <translation>注释或取消注释</translation>
    </message>
    <message>
      <source>Compare</source>
      <translation>比较</translation>
    </message>
    <message>
      <source>Compare with torch.autograd.functional</source>
      <translation>与 torch.autograd.functional 比较</translation>
    </message>
    <message>
      <source>Compared with a product from the other side, Ju for a random u.</source>
      <translation>已与另一侧的乘积（随机 u 的 Ju）比较。</translation>
    </message>
    <message>
      <source>Compared with its transpose: a Hessian is symmetric.</source>
      <translation>已与其转置比较：海森矩阵是对称的。</translation>
    </message>
    <message>
      <source>Compared with single rows computed alone.</source>
      <translation>已与单独计算的若干行比较。</translation>
    </message>
    <message>
      <source>Compared with the derivative of vᵀJ with respect to v: two reverse passes.</source>
      <translation>已与 vᵀJ 对 v 的导数（两次反向传播）比较。</translation>
    </message>
    <message>
      <source>Compared with the gradient recorded in the run.</source>
      <translation>已与运行中记录的梯度比较。</translation>
    </message>
    <message>
      <source>Compared with torch.autograd.functional on the program run again.</source>
      <translation>已与再次运行程序得到的 torch.autograd.functional 结果比较。</translation>
    </message>
    <message>
      <source>Compared with torch.autograd.grad.</source>
      <translation>已与 torch.autograd.grad 比较。</translation>
    </message>
    <message>
      <source>Compare…</source>
      <translation>比较…</translation>
    </message>
    <message>
      <source>Completions</source>
      <translation>补全</translation>
    </message>
    <message>
      <source>Complex singular vectors and eigenvectors are defined up to a phase, so J does not exist: vᵀJ does, for a v that does not depend on the phase, and torch refuses every other. What flowed in and out in the run can be seen.</source>
      <translation>复数的奇异向量和特征向量只确定到一个相位，因此 J 不存在：只有当 v 不依赖该相位时 vᵀJ 才存在，torch 会拒绝其他的 v。运行中流入和流出的梯度仍可查看。</translation>
    </message>
    <message>
      <source>Complex: the bar is the conjugate, as torch's gradients need it</source>
      <translation>复数：横线表示共轭，torch 的梯度约定需要它</translation>
    </message>
    <message>
      <source>Compute it</source>
      <translation>计算</translation>
    </message>
    <message>
      <source>Computed as the derivative of vᵀJ with respect to v: two reverse passes.</source>
      <translation>按 vᵀJ 对 v 的导数计算：两次反向传播。</translation>
    </message>
    <message>
      <source>Computed by torch.func.jvp of the program.</source>
      <translation>由 torch.func.jvp 对程序计算得到。</translation>
    </message>
    <message>
      <source>Computed with a dual number in the place of the leaf, in the program run again.</source>
      <translation>在再次运行的程序中，用对偶数代替该叶子计算得到。</translation>
    </message>
    <message>
      <source>Computing the Jacobian</source>
      <translation>正在计算雅可比矩阵</translation>
    </message>
    <message>
      <source>Computing the Jacobian…</source>
      <translation>正在计算雅可比矩阵…</translation>
    </message>
    <message>
      <source>Console</source>
      <translation>控制台</translation>
    </message>
    <message>
      <source>Convert one of them, for example with .float() or .to(other.dtype).</source>
      <translation>转换其中一个，例如用 .float() 或 .to(other.dtype)。</translation>
    </message>
    <message>
      <source>Convert them with .long().</source>
      <translation>请用 .long() 转换。</translation>
    </message>
    <message>
      <source>Copied as LaTeX.</source>
      <translation>已复制为 LaTeX。</translation>
    </message>
    <message>
      <source>Copied: {text}</source>
      <translation>已复制：{text}</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>复制</translation>
    </message>
    <message>
      <source>Copy as LaTeX</source>
      <translation>复制为 LaTeX</translation>
    </message>
    <message>
      <source>Copy it once more from where it came from.</source>
      <translation>请从来源处重新复制一份。</translation>
    </message>
    <message>
      <source>Copy or save this equation</source>
      <translation>复制或保存这个算式</translation>
    </message>
    <message>
      <source>Copy picture</source>
      <translation>复制图片</translation>
    </message>
    <message>
      <source>Copy rows</source>
      <translation>复制行</translation>
    </message>
    <message>
      <source>Copy tensor.detach() instead, or clone() it to stay in the graph.</source>
      <translation>改为拷贝 tensor.detach()，或用 clone() 留在计算图中。</translation>
    </message>
    <message>
      <source>Copy the output</source>
      <translation>复制输出</translation>
    </message>
    <message>
      <source>Copy the picture</source>
      <translation>复制图片</translation>
    </message>
    <message>
      <source>Copy the slice as Python</source>
      <translation>复制切片的 Python 写法</translation>
    </message>
    <message>
      <source>Copy {what}</source>
      <translation>复制 {what}</translation>
    </message>
    <message>
      <source>Costs</source>
      <translation>开销</translation>
    </message>
    <message>
      <source>Create it in its final form (dtype, device, scale) first and call .requires_grad_() last.</source>
      <translation>先把它做成最终的样子（dtype、设备、缩放），最后再调用 .requires_grad_()。</translation>
    </message>
    <message>
      <source>D&amp;istricts</source>
      <translation>区域(&amp;I)</translation>
    </message>
    <message>
      <source>Dark theme</source>
      <translation>深色主题</translation>
    </message>
    <message>
      <source>Data ({patterns})</source>
      <translation>数据 ({patterns})</translation>
    </message>
    <message>
      <source>Define it above this line, or check its spelling.</source>
      <translation>请在这一行之前定义它，或检查拼写。</translation>
    </message>
    <message>
      <source>Define them, or let the app make them up as small random leaves.</source>
      <translation>请定义它们，或让本应用自动生成小的随机叶子张量。</translation>
    </message>
    <message>
      <source>Derivative</source>
      <translation>导数</translation>
    </message>
    <message>
      <source>Derivative of a result</source>
      <translation>对结果求导</translation>
    </message>
    <message>
      <source>Derivative rule</source>
      <translation>求导法则</translation>
    </message>
    <message>
      <source>Derivatives</source>
      <translation>求导</translation>
    </message>
    <message>
      <source>Derivatives in forward mode (dual numbers, torch.func.jvp) leave no graph and cannot be shown.</source>
      <translation>前向模式的导数（对偶数、torch.func.jvp）不留下计算图，无法显示。</translation>
    </message>
    <message>
      <source>Descendants of {name}</source>
      <translation>{name} 的后代节点</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>设备</translation>
    </message>
    <message>
      <source>Did you mean {similar}?</source>
      <translation>您是不是想写 {similar}？</translation>
    </message>
    <message>
      <source>Dismiss</source>
      <translation>关闭</translation>
    </message>
    <message>
      <source>Districts always</source>
      <translation>总是划分区域</translation>
    </message>
    <message>
      <source>Districts in large graphs</source>
      <translation>大图中划分区域</translation>
    </message>
    <message>
      <source>Districts never</source>
      <translation>从不划分区域</translation>
    </message>
    <message>
      <source>Divider between value and gradient</source>
      <translation>值与梯度之间的分隔线</translation>
    </message>
    <message>
      <source>Do not run</source>
      <translation>不运行</translation>
    </message>
    <message>
      <source>Down (y)</source>
      <translation>纵向（y）</translation>
    </message>
    <message>
      <source>Drag it onto another axis to exchange their parts; click for every part; F2 names it.</source>
      <translation>拖到另一个轴上可交换两者的角色；单击可选择角色；F2 命名。</translation>
    </message>
    <message>
      <source>Drag the lines to choose the levels; double click resets them; L counts on a logarithmic scale.</source>
      <translation>拖动竖线选择颜色范围；双击恢复自动；按 L 以对数计数。</translation>
    </message>
    <message>
      <source>Draw left to right</source>
      <translation>从左到右绘制</translation>
    </message>
    <message>
      <source>Drawn as usual again.</source>
      <translation>已恢复为通常的画法。</translation>
    </message>
    <message>
      <source>Earlier passes</source>
      <translation>之前的反向传播</translation>
    </message>
    <message>
      <source>Element of {name}</source>
      <translation>{name} 的元素</translation>
    </message>
    <message>
      <source>Enter sends the line, Ctrl+D ends the input</source>
      <translation>Enter 发送这一行，Ctrl+D 结束输入</translation>
    </message>
    <message>
      <source>Entries that were compared</source>
      <translation>比较过的元素</translation>
    </message>
    <message>
      <source>Every gradient sent here is finite, but their sum is not.</source>
      <translation>传到这里的每个梯度都是有限的，但它们的和不是。</translation>
    </message>
    <message>
      <source>Everything one can do with this tensor</source>
      <translation>可以对这个张量做的一切</translation>
    </message>
    <message>
      <source>Everything there is finite, but the result is beyond the greatest {dtype} number, {largest}.</source>
      <translation>该处的值全部有限，但结果超过了最大的 {dtype} 数 {largest}。</translation>
    </message>
    <message>
      <source>Examples</source>
      <translation>示例</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>导出</translation>
    </message>
    <message>
      <source>Export graph as DOT…</source>
      <translation>导出计算图为 DOT…</translation>
    </message>
    <message>
      <source>Export picture</source>
      <translation>导出图片</translation>
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
      <source>Factor</source>
      <translation>倍数</translation>
    </message>
    <message>
      <source>Faster</source>
      <translation>加快</translation>
    </message>
    <message>
      <source>Fi&amp;lter</source>
      <translation>筛选(&amp;L)</translation>
    </message>
    <message>
      <source>Film strip</source>
      <translation>胶片条</translation>
    </message>
    <message>
      <source>Film strip, or one frame</source>
      <translation>胶片条，或单帧</translation>
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
      <source>Find a node…</source>
      <translation>查找节点…</translation>
    </message>
    <message>
      <source>Find in program</source>
      <translation>在程序中查找</translation>
    </message>
    <message>
      <source>Find in the program</source>
      <translation>在程序中查找</translation>
    </message>
    <message>
      <source>Find nodes by words, or by fields such as norm &gt; 10</source>
      <translation>按词语或字段（如 norm &gt; 10）查找节点</translation>
    </message>
    <message>
      <source>First +Inf</source>
      <translation>第一个 +Inf</translation>
    </message>
    <message>
      <source>First NaN</source>
      <translation>第一个 NaN</translation>
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
      <source>First −Inf</source>
      <translation>第一个 −Inf</translation>
    </message>
    <message>
      <source>Fit the graph</source>
      <translation>显示整个计算图</translation>
    </message>
    <message>
      <source>For this the program has to be run again, in a process of its own.</source>
      <translation>为此需要在单独的进程中再次运行程序。</translation>
    </message>
    <message>
      <source>Forget these files</source>
      <translation>清除这些文件</translation>
    </message>
    <message>
      <source>Forward</source>
      <translation>前进</translation>
    </message>
    <message>
      <source>Forward mode</source>
      <translation>前向模式</translation>
    </message>
    <message>
      <source>Frames a second</source>
      <translation>每秒帧数</translation>
    </message>
    <message>
      <source>From: the node nearer the result</source>
      <translation>起点：靠近结果的节点</translation>
    </message>
    <message>
      <source>Full screen</source>
      <translation>全屏</translation>
    </message>
    <message>
      <source>Give every line as many; a cell may be empty.</source>
      <translation>请让每行单元格数相同；单元格可以为空。</translation>
    </message>
    <message>
      <source>Give it a value first, or pass it in as an argument.</source>
      <translation>先给它赋值，或作为参数传入。</translation>
    </message>
    <message>
      <source>Go on writing</source>
      <translation>继续写入</translation>
    </message>
    <message>
      <source>Go to</source>
      <translation>转到</translation>
    </message>
    <message>
      <source>Go to a pass</source>
      <translation>转到某次反向传播</translation>
    </message>
    <message>
      <source>Go to a pass…</source>
      <translation>转到某次反向传播…</translation>
    </message>
    <message>
      <source>Go to index</source>
      <translation>转到下标</translation>
    </message>
    <message>
      <source>Go to index…</source>
      <translation>转到下标…</translation>
    </message>
    <message>
      <source>Go to line</source>
      <translation>转到行</translation>
    </message>
    <message>
      <source>Go to line {line}</source>
      <translation>转到第 {line} 行</translation>
    </message>
    <message>
      <source>Go to the first +Inf</source>
      <translation>转到第一个 +Inf</translation>
    </message>
    <message>
      <source>Go to the first -Inf</source>
      <translation>转到第一个 -Inf</translation>
    </message>
    <message>
      <source>Go to the first NaN</source>
      <translation>转到第一个 NaN</translation>
    </message>
    <message>
      <source>Go to the first NaN or infinity</source>
      <translation>跳到第一个 NaN 或无穷大</translation>
    </message>
    <message>
      <source>Go to the first node that made a NaN or an infinity</source>
      <translation>跳到第一个产生 NaN 或无穷大的节点</translation>
    </message>
    <message>
      <source>Go to the greatest</source>
      <translation>转到最大值</translation>
    </message>
    <message>
      <source>Go to the least</source>
      <translation>转到最小值</translation>
    </message>
    <message>
      <source>Go to the node</source>
      <translation>转到该节点</translation>
    </message>
    <message>
      <source>Go to the selected node's step</source>
      <translation>跳到所选节点的步骤</translation>
    </message>
    <message>
      <source>Gradient alone, or both</source>
      <translation>只看梯度，或两者并列</translation>
    </message>
    <message>
      <source>Gradient health</source>
      <translation>梯度健康</translation>
    </message>
    <message>
      <source>Gradient vᵀJ</source>
      <translation>梯度 vᵀJ</translation>
    </message>
    <message>
      <source>Gradients add up</source>
      <translation>梯度会累加</translation>
    </message>
    <message>
      <source>Graph</source>
      <translation>计算图</translation>
    </message>
    <message>
      <source>Guessed: {why}</source>
      <translation>猜测：{why}</translation>
    </message>
    <message>
      <source>HYPOTHETICAL: if {what}</source>
      <translation>假设：如果{what}</translation>
    </message>
    <message>
      <source>Handwritten digits</source>
      <translation>手写数字</translation>
    </message>
    <message>
      <source>Health</source>
      <translation>健康</translation>
    </message>
    <message>
      <source>Here there are fewer inputs ({inputs}) than outputs ({outputs}): forward mode fills the whole Jacobian in fewer products.</source>
      <translation>这里输入（{inputs} 个）比输出（{outputs} 个）少：前向模式用更少的乘积就能得到整个雅可比矩阵。</translation>
    </message>
    <message>
      <source>Hessian</source>
      <translation>黑塞矩阵</translation>
    </message>
    <message>
      <source>Hide the original message</source>
      <translation>隐藏原始信息</translation>
    </message>
    <message>
      <source>Histogram</source>
      <translation>直方图</translation>
    </message>
    <message>
      <source>How numbers become colours, and what the levels are taken from</source>
      <translation>数值如何变成颜色，范围取自哪里</translation>
    </message>
    <message>
      <source>If it is a .grad: no backward has filled it yet, or its tensor is not a leaf (then retain_grad() keeps it).</source>
      <translation>如果它是某个 .grad：反向传播还没有填入它，或者该张量不是叶子（用 retain_grad() 可以保留它的梯度）。</translation>
    </message>
    <message>
      <source>If you close the window now, it will not be written.</source>
      <translation>如果现在关闭窗口，文件将不会被写入。</translation>
    </message>
    <message>
      <source>Images are [N, C, H, W]: compare the second size of the input with in_channels of the layer.</source>
      <translation>图像的形状是 [N, C, H, W]：请比较输入的第二维与该层的 in_channels。</translation>
    </message>
    <message>
      <source>In colour: {what}</source>
      <translation>彩色：{what}</translation>
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
      <source>Index along each axis:</source>
      <translation>每个轴的下标：</translation>
    </message>
    <message>
      <source>Index along {axis}</source>
      <translation>沿 {axis} 的下标</translation>
    </message>
    <message>
      <source>Index of the 1</source>
      <translation>1 的位置</translation>
    </message>
    <message>
      <source>Index the element, or reduce it with .sum() or .mean() first.</source>
      <translation>取出某个元素，或先用 .sum() 或 .mean() 归约。</translation>
    </message>
    <message>
      <source>Index {index} is outside axis {axis}, which has indices {first} to {last}.</source>
      <translation>索引 {index} 超出了轴 {axis}，它的索引从 {first} 到 {last}。</translation>
    </message>
    <message>
      <source>Indices count from 0 to length - 1.</source>
      <translation>下标从 0 数到 长度 - 1。</translation>
    </message>
    <message>
      <source>Indices must be whole numbers, but these are {got}.</source>
      <translation>下标必须是整数，而这里是 {got}。</translation>
    </message>
    <message>
      <source>Input</source>
      <translation>输入</translation>
    </message>
    <message>
      <source>Input for the program</source>
      <translation>给程序的输入</translation>
    </message>
    <message>
      <source>Inspector</source>
      <translation>检查器</translation>
    </message>
    <message>
      <source>Install it with {command} and run again.</source>
      <translation>请用 {command} 安装，然后重新运行。</translation>
    </message>
    <message>
      <source>It has more than {most} entries, so it is not compared with torch.autograd.functional, which computes them row by row.</source>
      <translation>它的元素多于 {most} 个，因此没有与 torch.autograd.functional 比较：后者要逐行计算。</translation>
    </message>
    <message>
      <source>It holds {count} characters that cannot be seen; they are shown as codes.</source>
      <translation>其中有 {count} 个看不见的字符，已显示为编码。</translation>
    </message>
    <message>
      <source>It is not run: that is for you to do.</source>
      <translation>不会自动运行：由你来运行。</translation>
    </message>
    <message>
      <source>It is read anew when the program runs.</source>
      <translation>程序运行时会重新读取它。</translation>
    </message>
    <message>
      <source>It needs a newer version of macOS.</source>
      <translation>它需要更新版本的 macOS。</translation>
    </message>
    <message>
      <source>It needs another operating system.</source>
      <translation>它需要另一种操作系统。</translation>
    </message>
    <message>
      <source>It raised an error at this step, and the pass ended here.</source>
      <translation>它在这一步出错，这次反向传播到此结束。</translation>
    </message>
    <message>
      <source>It reads .npy, .npz, .safetensors, .pt, .png, .jpg, .csv, .gif and .mp4.</source>
      <translation>可读取 .npy、.npz、.safetensors、.pt、.png、.jpg、.csv、.gif 和 .mp4。</translation>
    </message>
    <message>
      <source>It was not kept: over the memory budget, changed afterwards, without numbers, or lost with its GPU.</source>
      <translation>未保留：超出内存预算、之后被改动、没有数值，或随 GPU 出错而丢失。</translation>
    </message>
    <message>
      <source>Its Jacobian was not computed.</source>
      <translation>没有计算它的雅可比矩阵。</translation>
    </message>
    <message>
      <source>Its process has ended: run the program again to see torch's rule for it.</source>
      <translation>它的进程已经结束：重新运行程序即可看到 torch 的法则。</translation>
    </message>
    <message>
      <source>Its value was not kept, so it cannot be compared.</source>
      <translation>它的值没有保留，因此无法比较。</translation>
    </message>
    <message>
      <source>Its value was not kept.</source>
      <translation>它的值没有保留。</translation>
    </message>
    <message>
      <source>Its value was not kept. Give it a name of its own (y = …) to see it.</source>
      <translation>它的值没有保留。给它一个单独的名字（y = …）即可查看。</translation>
    </message>
    <message>
      <source>J adds up: a result is made of many elements</source>
      <translation>J 是求和：一个结果由多个元素组成</translation>
    </message>
    <message>
      <source>J adds up: each element of {x} enters one sum, so it gets the gradient of that sum.</source>
      <translation>J 做求和：{x} 的每个元素进入一个和，所以得到这个和的梯度。</translation>
    </message>
    <message>
      <source>J as CSV</source>
      <translation>J（CSV）</translation>
    </message>
    <message>
      <source>J as LaTeX</source>
      <translation>J（LaTeX）</translation>
    </message>
    <message>
      <source>J as NumPy</source>
      <translation>J（NumPy）</translation>
    </message>
    <message>
      <source>J as Python</source>
      <translation>J（Python）</translation>
    </message>
    <message>
      <source>J has more than {most} entries, so some of it is not computed. Choose rows or columns.</source>
      <translation>J 超过 {most} 项，因此有一部分不计算。请选择若干行或列。</translation>
    </message>
    <message>
      <source>J is a permutation: the elements change places</source>
      <translation>J 是置换矩阵：元素只是交换位置</translation>
    </message>
    <message>
      <source>J is a permutation: {y} holds the elements of {x} in another order.</source>
      <translation>J 是置换矩阵：{y} 由 {x} 的元素换一种次序排成。</translation>
    </message>
    <message>
      <source>J is dense: every element of {y} depends on every element of {x}.</source>
      <translation>J 是稠密的：{y} 的每个元素都依赖 {x} 的每个元素。</translation>
    </message>
    <message>
      <source>J is diagonal: each element of {y} depends only on its own element of {x}.</source>
      <translation>J 是对角矩阵：{y} 的每个元素只依赖 {x} 中与它对应的那个元素。</translation>
    </message>
    <message>
      <source>J is diagonal: each result depends on its own element alone</source>
      <translation>J 是对角矩阵：每个结果只依赖对应的那个元素</translation>
    </message>
    <message>
      <source>J is the identity times a number</source>
      <translation>J 是单位矩阵乘以一个数</translation>
    </message>
    <message>
      <source>J is the identity: every element stands for itself</source>
      <translation>J 是单位矩阵：每个元素只对应自己</translation>
    </message>
    <message>
      <source>J is the identity: {y} changes exactly as {x} does, so v passes through unchanged.</source>
      <translation>J 是单位矩阵：{y} 与 {x} 的变化完全一致，所以 v 原样通过。</translation>
    </message>
    <message>
      <source>J is zero</source>
      <translation>J 为零</translation>
    </message>
    <message>
      <source>J is zero: {y} does not change with {x} here, so no gradient gets through.</source>
      <translation>J 为零：{y} 在这里不随 {x} 变化，所以没有梯度通过。</translation>
    </message>
    <message>
      <source>J is {number} times the identity: every element of v is multiplied by {number}.</source>
      <translation>J 是单位矩阵的 {number} 倍：v 的每个元素都乘以 {number}。</translation>
    </message>
    <message>
      <source>J repeats: several elements of {y} are copies of one element of {x}, so their gradients add up.</source>
      <translation>J 做重复：{y} 的多个元素复制自 {x} 的同一个元素，所以它们的梯度相加。</translation>
    </message>
    <message>
      <source>J selects: each element of {y} is a copy of at most one element of {x}; those not copied get 0.</source>
      <translation>J 做挑选：{y} 的每个元素至多复制 {x} 的一个元素；没有被复制的元素得到 0。</translation>
    </message>
    <message>
      <source>J selects: its rows hold a single one, or nothing</source>
      <translation>J 是选择矩阵：每行只有一个 1，或全为零</translation>
    </message>
    <message>
      <source>J spreads: an element is used by many results</source>
      <translation>J 是广播：一个元素被多个结果使用</translation>
    </message>
    <message>
      <source>J takes long to compute, so some of it is not computed. Choose rows or columns.</source>
      <translation>J 的计算耗时很长，因此有一部分没有计算。请选择行或列。</translation>
    </message>
    <message>
      <source>J: every result may depend on every element</source>
      <translation>J：每个结果都可能依赖每个元素</translation>
    </message>
    <message>
      <source>Jacobian</source>
      <translation>雅可比矩阵</translation>
    </message>
    <message>
      <source>Jacobian of {y} by {x}: {rows} × {columns}</source>
      <translation>{y} 对 {x} 的雅可比矩阵：{rows} × {columns}</translation>
    </message>
    <message>
      <source>Keep it in a variable and run the program again.</source>
      <translation>请把它保存在变量中，再运行程序。</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>快捷键</translation>
    </message>
    <message>
      <source>Labels count from 0 to the number of classes - 1, which is the second size of the predictions.</source>
      <translation>标签从 0 数到 类别数 - 1；类别数是预测的第二维。</translation>
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
      <source>Largest magnitude</source>
      <translation>绝对值最大</translation>
    </message>
    <message>
      <source>Last step</source>
      <translation>最后一步</translation>
    </message>
    <message>
      <source>Lay out these nodes by themselves instead of dimming the rest</source>
      <translation>只排布这些节点，而不是淡化其余节点</translation>
    </message>
    <message>
      <source>Leave the rest out instead of dimming it</source>
      <translation>隐去其余节点而不是淡化</translation>
    </message>
    <message>
      <source>Left out, because computing it takes long: render with --math has it computed.</source>
      <translation>因计算耗时较长而略去：用 render 加 --math 可以计算它。</translation>
    </message>
    <message>
      <source>Lesson</source>
      <translation>课程</translation>
    </message>
    <message>
      <source>Lesson data</source>
      <translation>课程数据</translation>
    </message>
    <message>
      <source>Lessons</source>
      <translation>课程</translation>
    </message>
    <message>
      <source>Levels by hand</source>
      <translation>手动设置范围</translation>
    </message>
    <message>
      <source>Levels by hand…</source>
      <translation>手动设置范围…</translation>
    </message>
    <message>
      <source>Levels from {what}</source>
      <translation>范围取自{what}</translation>
    </message>
    <message>
      <source>Light theme</source>
      <translation>浅色主题</translation>
    </message>
    <message>
      <source>Line {line} has more than {most} characters: only its beginning is shown. Look at the file itself.</source>
      <translation>第 {line} 行超过 {most} 个字符：只显示开头部分。请查看文件本身。</translation>
    </message>
    <message>
      <source>Line {line} of {file} has {given} cells, but the table has {wanted} columns.</source>
      <translation>{file} 第 {line} 行有 {given} 个单元格，而表格有 {wanted} 列。</translation>
    </message>
    <message>
      <source>Line {line} of {path} has more than {most} characters, which is too long for a lesson.</source>
      <translation>{path} 的第 {line} 行超过 {most} 个字符，对课程来说太长了。</translation>
    </message>
    <message>
      <source>Line {line} of {path} nests lists or quotes more than {most} deep.</source>
      <translation>{path} 第 {line} 行的列表或引用嵌套超过 {most} 层。</translation>
    </message>
    <message>
      <source>Line {line}: {message}</source>
      <translation>第 {line} 行：{message}</translation>
    </message>
    <message>
      <source>Line, from 1 to {last}:</source>
      <translation>行号，1 到 {last}：</translation>
    </message>
    <message>
      <source>Lines of one block must start in the same column; do not mix tabs and spaces.</source>
      <translation>同一代码块的各行必须从同一列开始；不要混用制表符和空格。</translation>
    </message>
    <message>
      <source>List of nodes</source>
      <translation>节点列表</translation>
    </message>
    <message>
      <source>Lock the levels</source>
      <translation>锁定范围</translation>
    </message>
    <message>
      <source>Look at the condition on the marked line.</source>
      <translation>看看标记行上的条件。</translation>
    </message>
    <message>
      <source>Look at the marked place and just before it: a bracket, a quote or a colon is often missing.</source>
      <translation>看看标记处及其前面：常常是少了括号、引号或冒号。</translation>
    </message>
    <message>
      <source>Look at the values it was given: the derivative of a root, a logarithm or a quotient has no value at 0.</source>
      <translation>看看传给它的值：平方根、对数或商的导数在 0 处没有值。</translation>
    </message>
    <message>
      <source>Look for ctypes, a native extension or very deep recursion; the console shows the line it was on.</source>
      <translation>检查 ctypes、原生扩展或过深的递归；控制台显示了当时所在的行。</translation>
    </message>
    <message>
      <source>Look for what cut it: detach(), .data, torch.no_grad(), torch.tensor(y), a comparison or argmax; or no input has requires_grad=True.</source>
      <translation>找出是什么截断了它：detach()、.data、torch.no_grad()、torch.tensor(y)、比较或 argmax；也可能没有任何输入设置 requires_grad=True。</translation>
    </message>
    <message>
      <source>Lowest and highest:</source>
      <translation>最低值和最高值：</translation>
    </message>
    <message>
      <source>Make it do less work, or raise the time limit.</source>
      <translation>减少它的工作量，或提高时限。</translation>
    </message>
    <message>
      <source>Make it smaller first.</source>
      <translation>请先把它缩小。</translation>
    </message>
    <message>
      <source>Make it smaller or shorter first.</source>
      <translation>请先把它缩小或截短。</translation>
    </message>
    <message>
      <source>Make the view outside no_grad(), or clone() it first.</source>
      <translation>在 no_grad() 之外创建视图，或先 clone()。</translation>
    </message>
    <message>
      <source>Make them up and run</source>
      <translation>自动生成并运行</translation>
    </message>
    <message>
      <source>Match case</source>
      <translation>区分大小写</translation>
    </message>
    <message>
      <source>Maximise</source>
      <translation>最大化</translation>
    </message>
    <message>
      <source>Maximise, or back</source>
      <translation>最大化，或还原</translation>
    </message>
    <message>
      <source>Maximum</source>
      <translation>最大值</translation>
    </message>
    <message>
      <source>Memory limit</source>
      <translation>内存上限</translation>
    </message>
    <message>
      <source>Minimum</source>
      <translation>最小值</translation>
    </message>
    <message>
      <source>Modules and loops</source>
      <translation>模块与循环</translation>
    </message>
    <message>
      <source>Move them to one device: x.to(device). Note that a moved tensor is no longer a leaf.</source>
      <translation>把它们移到同一设备：x.to(device)。注意：移动后的张量不再是叶子。</translation>
    </message>
    <message>
      <source>NaN</source>
      <translation>NaN</translation>
    </message>
    <message>
      <source>NaN {count}</source>
      <translation>NaN {count} 个</translation>
    </message>
    <message>
      <source>Name of axis {axis}</source>
      <translation>轴 {axis} 的名称</translation>
    </message>
    <message>
      <source>Name of the variable from the next run on. The program itself is not changed.</source>
      <translation>从下次运行起的变量名。程序文本不会改动。</translation>
    </message>
    <message>
      <source>Name this axis…</source>
      <translation>为此轴命名…</translation>
    </message>
    <message>
      <source>Neighbours of the selected nodes</source>
      <translation>所选节点的相邻节点</translation>
    </message>
    <message>
      <source>Neighbours of {name}</source>
      <translation>{name} 的相邻节点</translation>
    </message>
    <message>
      <source>New program</source>
      <translation>新建程序</translation>
    </message>
    <message>
      <source>Next axis</source>
      <translation>下一个轴</translation>
    </message>
    <message>
      <source>Next lesson</source>
      <translation>下一课</translation>
    </message>
    <message>
      <source>Next match</source>
      <translation>下一处</translation>
    </message>
    <message>
      <source>Next pass</source>
      <translation>下一次反向传播</translation>
    </message>
    <message>
      <source>Next result</source>
      <translation>下一个结果</translation>
    </message>
    <message>
      <source>Next result (F3)</source>
      <translation>下一个结果（F3）</translation>
    </message>
    <message>
      <source>Next step</source>
      <translation>下一步</translation>
    </message>
    <message>
      <source>No call of the program made this node, so there is nothing to nudge.</source>
      <translation>这个节点不是程序的某次调用产生的，因此没有可微调的输入。</translation>
    </message>
    <message>
      <source>No gradient arrived at output {outputs} in this pass, so J is not shown for it.</source>
      <translation>这次反向传播中没有梯度到达输出 {outputs}，因此不显示它的 J。</translation>
    </message>
    <message>
      <source>No gradient arrived here at this step: torch counts it as zero.</source>
      <translation>这一步没有梯度到达这里：torch 把它当作零。</translation>
    </message>
    <message>
      <source>No gradient flows between this output and this input.</source>
      <translation>这个输出与这个输入之间没有梯度流动。</translation>
    </message>
    <message>
      <source>No leaf got a gradient in this pass.</source>
      <translation>这次反向传播中没有叶子得到梯度。</translation>
    </message>
    <message>
      <source>No lines cross here; nothing was moved.</source>
      <translation>这里没有连线交叉，图保持不变。</translation>
    </message>
    <message>
      <source>No order with fewer than {before} crossings was found; nothing was moved.</source>
      <translation>没有找到交叉少于 {before} 处的排法，图保持不变。</translation>
    </message>
    <message>
      <source>No pass before this one gave it a gradient.</source>
      <translation>在此之前的反向传播都没有给它梯度。</translation>
    </message>
    <message>
      <source>No path leads from one of the two nodes to the other.</source>
      <translation>这两个节点之间没有路径。</translation>
    </message>
    <message>
      <source>No process for the program could be started: {reason}.</source>
      <translation>无法为程序启动进程：{reason}。</translation>
    </message>
    <message>
      <source>No tensor requires a gradient, so there is no graph. Make one with requires_grad=True.</source>
      <translation>没有张量需要梯度，因此没有计算图。请用 requires_grad=True 创建一个。</translation>
    </message>
    <message>
      <source>No variable matches the filter.</source>
      <translation>没有符合筛选条件的变量。</translation>
    </message>
    <message>
      <source>Nodes</source>
      <translation>节点</translation>
    </message>
    <message>
      <source>Nodes whose gradient is out of the ordinary</source>
      <translation>梯度异常的节点</translation>
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
      <source>None was used where a tensor is needed.</source>
      <translation>在需要张量的地方用了 None。</translation>
    </message>
    <message>
      <source>Not every entry of J was computed: choose an element to see its derivatives.</source>
      <translation>J 的元素没有全部算出：请选择一个元素来查看它的导数。</translation>
    </message>
    <message>
      <source>Not found</source>
      <translation>未找到</translation>
    </message>
    <message>
      <source>Nothing beside them</source>
      <translation>不比较</translation>
    </message>
    <message>
      <source>Nothing could be compared.</source>
      <translation>没有可以比较的内容。</translation>
    </message>
    <message>
      <source>Nothing here plays: give an axis the part “Plays over time” first.</source>
      <translation>这里没有可播放的内容：请先让某个轴“随时间播放”。</translation>
    </message>
    <message>
      <source>Nothing of this run could be recorded.</source>
      <translation>这次运行没有留下任何记录。</translation>
    </message>
    <message>
      <source>Nothing selected</source>
      <translation>未选中任何内容</translation>
    </message>
    <message>
      <source>Nothing was measured here.</source>
      <translation>这里没有测量结果。</translation>
    </message>
    <message>
      <source>Nothing was recorded that could be asked about.</source>
      <translation>没有可供查询的记录。</translation>
    </message>
    <message>
      <source>Number of the pass, from 1 to {count}:</source>
      <translation>反向传播的编号（1 到 {count}）：</translation>
    </message>
    <message>
      <source>Numbers as CSV</source>
      <translation>数值（CSV）</translation>
    </message>
    <message>
      <source>Numbers as NumPy</source>
      <translation>数值（NumPy）</translation>
    </message>
    <message>
      <source>Numbers as Python</source>
      <translation>数值（Python）</translation>
    </message>
    <message>
      <source>Of complex numbers</source>
      <translation>复数</translation>
    </message>
    <message>
      <source>Often an index or a class label is out of range. The GPU runs behind the program, so the line may be a later one: run it on the CPU, which tells the very line and what was wrong.</source>
      <translation>常见的原因是索引或类别标签超出范围。GPU 的执行落后于程序，因此标出的行可能偏后：请在 CPU 上运行，它会指出确切的行和错误所在。</translation>
    </message>
    <message>
      <source>On this GPU torch multiplies float32 numbers with 10 bits of precision here (TF32), in the run as well as for J: differences of a thousandth are its rounding.</source>
      <translation>在这块 GPU 上，torch 在这里以 10 位精度（TF32）做 float32 乘法，运行时如此，求 J 时也如此：千分之一的差别是它的舍入误差。</translation>
    </message>
    <message>
      <source>One index, by slider</source>
      <translation>单个下标，用滑块选择</translation>
    </message>
    <message>
      <source>One of several views made by a single call ({function}) was changed in place, which autograd does not allow.</source>
      <translation>一次调用（{function}）产生的多个视图之一被原地修改，autograd 不允许这样做。</translation>
    </message>
    <message>
      <source>One reverse product gives the derivative by all {inputs} inputs at once; forward mode gives it for one direction and would have to run {inputs} times. With many inputs and few outputs, as in training, reverse mode wins.</source>
      <translation>一次反向乘积就同时给出对全部 {inputs} 个输入的导数；前向模式一次只给出一个方向，需要运行 {inputs} 次。输入多而输出少时（如训练），反向模式更快。</translation>
    </message>
    <message>
      <source>Only complex numbers have a real and an imaginary part, a magnitude and a phase.</source>
      <translation>只有复数才有实部、虚部、模和相位。</translation>
    </message>
    <message>
      <source>Only floating point and complex tensors can require a gradient, and this one has type {dtype}.</source>
      <translation>只有浮点数和复数张量能要求梯度，而这个张量的类型是 {dtype}。</translation>
    </message>
    <message>
      <source>Only its statistics and picture were kept: the rest was over the memory budget.</source>
      <translation>只保留了统计量和缩略图：其余部分超出内存预算。</translation>
    </message>
    <message>
      <source>Only leaves can be deep-copied, and this tensor was computed from others.</source>
      <translation>只有叶子张量可以深拷贝，而这个张量是由其他张量计算出来的。</translation>
    </message>
    <message>
      <source>Only tensors of one shape can be combined, not {one} and {other}.</source>
      <translation>只有形状相同的张量才能合并，{one} 和 {other} 不能。</translation>
    </message>
    <message>
      <source>Only the first {most} blocks of J are shown.</source>
      <translation>只显示 J 的前 {most} 个分块。</translation>
    </message>
    <message>
      <source>Only the gradient, or both</source>
      <translation>只看梯度，或两者都看</translation>
    </message>
    <message>
      <source>Only the paths to output {slot} are counted.</source>
      <translation>只计算通向第 {slot} 个输出的路径。</translation>
    </message>
    <message>
      <source>Only these</source>
      <translation>只显示这些</translation>
    </message>
    <message>
      <source>Only what is found</source>
      <translation>只列出查找结果</translation>
    </message>
    <message>
      <source>Only {name} was opened, not {others}: there is one program at a time.</source>
      <translation>只打开了 {name}，未打开 {others}：一次只能有一个程序。</translation>
    </message>
    <message>
      <source>Open</source>
      <translation>打开</translation>
    </message>
    <message>
      <source>Open a lesson folder</source>
      <translation>打开课程文件夹</translation>
    </message>
    <message>
      <source>Open a lesson folder…</source>
      <translation>打开课程文件夹…</translation>
    </message>
    <message>
      <source>Open all districts</source>
      <translation>展开所有区域</translation>
    </message>
    <message>
      <source>Open all members of the repeated district</source>
      <translation>展开重复区域的所有成员</translation>
    </message>
    <message>
      <source>Open data</source>
      <translation>打开数据</translation>
    </message>
    <message>
      <source>Open data…</source>
      <translation>打开数据…</translation>
    </message>
    <message>
      <source>Open district</source>
      <translation>展开区域</translation>
    </message>
    <message>
      <source>Open this address in your browser?</source>
      <translation>要在浏览器中打开这个地址吗？</translation>
    </message>
    <message>
      <source>Open what can be read at a glance</source>
      <translation>恢复为一目了然的展开程度</translation>
    </message>
    <message>
      <source>Opened a recording: nothing was run.</source>
      <translation>已打开记录：没有运行任何代码。</translation>
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
      <source>Other data is called {name} already: choose another name.</source>
      <translation>已有别的数据叫 {name}：请另取名字。</translation>
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
      <source>Output</source>
      <translation>输出</translation>
    </message>
    <message>
      <source>Output {output} holds whole numbers: it has no derivative.</source>
      <translation>输出 {output} 是整数，没有导数。</translation>
    </message>
    <message>
      <source>Overview</source>
      <translation>概览</translation>
    </message>
    <message>
      <source>Overview in the corner</source>
      <translation>角落里的概览图</translation>
    </message>
    <message>
      <source>Overview: click or drag to look elsewhere</source>
      <translation>概览：点击或拖动以查看别处</translation>
    </message>
    <message>
      <source>Pages about derivatives</source>
      <translation>求导的各个页面</translation>
    </message>
    <message>
      <source>Pass retain_graph=True to that backward, or remove it, and run the program again.</source>
      <translation>给那次 backward 传入 retain_graph=True，或去掉它，然后重新运行程序。</translation>
    </message>
    <message>
      <source>Pass retain_graph=True to the first backward, or compute the result again before each backward. If the values of an earlier loop round are carried along, detach() them.</source>
      <translation>给第一次 backward 传入 retain_graph=True，或在每次 backward 之前重新计算结果。如果沿用了上一轮循环的值，请对它们调用 detach()。</translation>
    </message>
    <message>
      <source>Paths between the two selected nodes</source>
      <translation>所选两个节点之间的路径</translation>
    </message>
    <message>
      <source>Paths from {first} to {last}</source>
      <translation>从 {first} 到 {last} 的路径</translation>
    </message>
    <message>
      <source>Paths of the gradient</source>
      <translation>梯度的路径</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>暂停</translation>
    </message>
    <message>
      <source>Picture as .png…</source>
      <translation>图片存为 .png…</translation>
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
      <source>Play or stop the video</source>
      <translation>播放或停止视频</translation>
    </message>
    <message>
      <source>Play {axis}</source>
      <translation>播放 {axis}</translation>
    </message>
    <message>
      <source>Playback</source>
      <translation>播放</translation>
    </message>
    <message>
      <source>Plays over time</source>
      <translation>随时间播放</translation>
    </message>
    <message>
      <source>Please report it together with the original message.</source>
      <translation>请连同原始信息一起报告。</translation>
    </message>
    <message>
      <source>Point at an entry to read it; press it to look at its row, then at its column.</source>
      <translation>指向一个元素即可读取；点按它查看所在的行，再点按查看所在的列。</translation>
    </message>
    <message>
      <source>Press an element for its derivatives, or a derivative to look from its other end.</source>
      <translation>点按一个元素查看它的导数，点按一个导数则从它的另一端来看。</translation>
    </message>
    <message>
      <source>Previous axis</source>
      <translation>上一个轴</translation>
    </message>
    <message>
      <source>Previous lesson</source>
      <translation>上一课</translation>
    </message>
    <message>
      <source>Previous match</source>
      <translation>上一处</translation>
    </message>
    <message>
      <source>Previous pass</source>
      <translation>上一次反向传播</translation>
    </message>
    <message>
      <source>Previous result</source>
      <translation>上一个结果</translation>
    </message>
    <message>
      <source>Previous result (Shift+F3)</source>
      <translation>上一个结果（Shift+F3）</translation>
    </message>
    <message>
      <source>Previous step</source>
      <translation>上一步</translation>
    </message>
    <message>
      <source>Print the .shape of both; sizes must be equal, or 1 where one is to be stretched.</source>
      <translation>打印两者的 .shape；各维大小必须相等，或其中一个为 1 以便广播。</translation>
    </message>
    <message>
      <source>Program</source>
      <translation>程序</translation>
    </message>
    <message>
      <source>Program text</source>
      <translation>程序文字</translation>
    </message>
    <message>
      <source>Program {number}</source>
      <translation>程序 {number}</translation>
    </message>
    <message>
      <source>Programs ({patterns})</source>
      <translation>程序 ({patterns})</translation>
    </message>
    <message>
      <source>Programs, recordings, data ({patterns})</source>
      <translation>程序、记录、数据 ({patterns})</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>进度</translation>
    </message>
    <message>
      <source>Put into the editor</source>
      <translation>放入编辑器</translation>
    </message>
    <message>
      <source>Put it back, or remove the data from the variables pane.</source>
      <translation>请把文件放回原处，或在变量面板中移除该数据。</translation>
    </message>
    <message>
      <source>Put program {number} into the editor</source>
      <translation>把程序 {number} 放入编辑器</translation>
    </message>
    <message>
      <source>PyTorch and the driver are there, but no device was found.</source>
      <translation>PyTorch 和驱动都在，但没有找到设备。</translation>
    </message>
    <message>
      <source>PyTorch can use it, but no driver was found.</source>
      <translation>PyTorch 支持它，但没有找到驱动程序。</translation>
    </message>
    <message>
      <source>PyTorch has no derivative for '{function}'.</source>
      <translation>PyTorch 没有“{function}”的导数。</translation>
    </message>
    <message>
      <source>PyTorch makes this inside the call; the program never gets it, so its value was not kept.</source>
      <translation>这是 PyTorch 在调用内部产生的；程序拿不到它，因此它的值没有保留。</translation>
    </message>
    <message>
      <source>PyTorch reported an error while looking for it.</source>
      <translation>PyTorch 在查找它时报告了错误。</translation>
    </message>
    <message>
      <source>PyTorch's own rule (derivatives.yaml)</source>
      <translation>PyTorch 自带的法则（derivatives.yaml）</translation>
    </message>
    <message>
      <source>Python cannot read line {line}: {detail}.</source>
      <translation>Python 无法读懂第 {line} 行：{detail}。</translation>
    </message>
    <message>
      <source>Quit</source>
      <translation>退出</translation>
    </message>
    <message>
      <source>Read as</source>
      <translation>理解为</translation>
    </message>
    <message>
      <source>Read it as {kind}, {names}</source>
      <translation>理解为{kind}，{names}</translation>
    </message>
    <message>
      <source>Reading videos needs the package av, which is not installed.</source>
      <translation>读取视频需要软件包 av，但尚未安装。</translation>
    </message>
    <message>
      <source>Real and complex must match: give v the dtype of the tensor.</source>
      <translation>实数与复数必须一致：让 v 的 dtype 与张量相同。</translation>
    </message>
    <message>
      <source>Recent files</source>
      <translation>最近的文件</translation>
    </message>
    <message>
      <source>Recordings ({patterns})</source>
      <translation>记录 ({patterns})</translation>
    </message>
    <message>
      <source>Redo</source>
      <translation>重做</translation>
    </message>
    <message>
      <source>Reduce it first (for example .sum() or .mean()), or give the vector v: y.backward(gradient=v).</source>
      <translation>先把它归约（例如 .sum() 或 .mean()），或给出向量 v：y.backward(gradient=v)。</translation>
    </message>
    <message>
      <source>Reduce it with .any() or .all(), or choose element by element with torch.where.</source>
      <translation>用 .any() 或 .all() 归约，或用 torch.where 逐元素选择。</translation>
    </message>
    <message>
      <source>Reduced to its 2-norm</source>
      <translation>归约为 2-范数</translation>
    </message>
    <message>
      <source>Reduced to its maximum</source>
      <translation>归约为最大值</translation>
    </message>
    <message>
      <source>Reduced to its mean</source>
      <translation>归约为平均值</translation>
    </message>
    <message>
      <source>Remove create_graph=True, or write that backward with differentiable operations.</source>
      <translation>去掉 create_graph=True，或用可微的运算编写该 backward。</translation>
    </message>
    <message>
      <source>Remove data</source>
      <translation>移除数据</translation>
    </message>
    <message>
      <source>Rename data</source>
      <translation>重命名数据</translation>
    </message>
    <message>
      <source>Rename data…</source>
      <translation>重命名数据…</translation>
    </message>
    <message>
      <source>Replace</source>
      <translation>替换</translation>
    </message>
    <message>
      <source>Replace all</source>
      <translation>全部替换</translation>
    </message>
    <message>
      <source>Replace with</source>
      <translation>替换为</translation>
    </message>
    <message>
      <source>Result to start from</source>
      <translation>起始结果</translation>
    </message>
    <message>
      <source>Results of the passes</source>
      <translation>各次反向传播的结果</translation>
    </message>
    <message>
      <source>Results of the search</source>
      <translation>查找结果</translation>
    </message>
    <message>
      <source>Results of {query}</source>
      <translation>“{query}”的查找结果</translation>
    </message>
    <message>
      <source>Returned by autograd.grad</source>
      <translation>由 autograd.grad 返回</translation>
    </message>
    <message>
      <source>Reverse and forward mode compared</source>
      <translation>反向模式与前向模式的比较</translation>
    </message>
    <message>
      <source>Rule</source>
      <translation>法则</translation>
    </message>
    <message>
      <source>Run</source>
      <translation>运行</translation>
    </message>
    <message>
      <source>Run a program that was not written here?</source>
      <translation>要运行一个不是在这里编写的程序吗？</translation>
    </message>
    <message>
      <source>Run a program to see its graph.</source>
      <translation>运行程序，查看它的计算图。</translation>
    </message>
    <message>
      <source>Run again</source>
      <translation>再次运行</translation>
    </message>
    <message>
      <source>Run again, keeping graphs</source>
      <translation>重新运行并保留计算图</translation>
    </message>
    <message>
      <source>Run again. A program that writes to file descriptors it did not open can cause this.</source>
      <translation>请重新运行。程序向不是它打开的文件描述符写入，会造成这种情况。</translation>
    </message>
    <message>
      <source>Run again; if it stays, please report it together with the program.</source>
      <translation>请重新运行；如果仍然如此，请连同程序一起报告。</translation>
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
      <source>Run it</source>
      <translation>运行</translation>
    </message>
    <message>
      <source>Run starts one when it is pressed. Look for what ends processes on this computer, such as too little memory.</source>
      <translation>按下运行时会启动一个。请查明这台电脑上是什么终止了进程，例如内存不足。</translation>
    </message>
    <message>
      <source>Run the program to see its variables.</source>
      <translation>运行程序后，这里显示它的变量。</translation>
    </message>
    <message>
      <source>Running it lets it do anything that you can do on this computer: read, change, delete and send your files. There is no sandbox. Read it first, and run it only if you trust where it came from.</source>
      <translation>运行后，它可以做您在这台电脑上能做的任何事：读取、修改、删除和发送您的文件。这里没有沙箱。请先阅读它，只有在信任其来源时才运行。</translation>
    </message>
    <message>
      <source>Runs the program again in a process of its own. What it prints there is dropped; what it writes to files it writes again.</source>
      <translation>会在单独的进程中再运行一次程序：那里打印的内容不会显示，写入文件的内容会再写一次。</translation>
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
      <source>Save as</source>
      <translation>另存为</translation>
    </message>
    <message>
      <source>Save as {kind} …</source>
      <translation>另存为 {kind} …</translation>
    </message>
    <message>
      <source>Save as…</source>
      <translation>另存为…</translation>
    </message>
    <message>
      <source>Save formula</source>
      <translation>保存公式</translation>
    </message>
    <message>
      <source>Save it as numbers, for example with array.astype(numpy.float64).</source>
      <translation>请存成数字，例如用 array.astype(numpy.float64)。</translation>
    </message>
    <message>
      <source>Save nothing but tensors in it, for example with torch.save(model.state_dict(), ...).</source>
      <translation>请只在其中保存张量，例如用 torch.save(model.state_dict(), ...)。</translation>
    </message>
    <message>
      <source>Save recording</source>
      <translation>保存记录</translation>
    </message>
    <message>
      <source>Save recording…</source>
      <translation>保存记录…</translation>
    </message>
    <message>
      <source>Save tensor</source>
      <translation>保存张量</translation>
    </message>
    <message>
      <source>Save the changes to {name}?</source>
      <translation>要保存对 {name} 的修改吗？</translation>
    </message>
    <message>
      <source>Save the equation</source>
      <translation>保存算式</translation>
    </message>
    <message>
      <source>Save the picture as {kind}…</source>
      <translation>将图片保存为 {kind}…</translation>
    </message>
    <message>
      <source>Saved for backward</source>
      <translation>为反向传播保存</translation>
    </message>
    <message>
      <source>Saved {name}, {size} kB.</source>
      <translation>已保存 {name}，{size} kB。</translation>
    </message>
    <message>
      <source>Saved {name}.</source>
      <translation>已保存 {name}。</translation>
    </message>
    <message>
      <source>Search for nodes first: the results are shown.</source>
      <translation>请先查找节点：将显示查找结果。</translation>
    </message>
    <message>
      <source>Seed</source>
      <translation>随机种子</translation>
    </message>
    <message>
      <source>Select a node or a variable to see its value and its gradient.</source>
      <translation>选择一个节点或变量，查看它的值和梯度。</translation>
    </message>
    <message>
      <source>Select a node, a variable or an expression of the program to see its numbers.</source>
      <translation>选择一个节点、变量或程序中的表达式，查看其中的数字。</translation>
    </message>
    <message>
      <source>Select an operation that has run, or take a step of the pass, to see it as an equation.</source>
      <translation>请选择一个已运行的运算，或走一步反向传播，即可看到它的等式。</translation>
    </message>
    <message>
      <source>Set requires_grad=True on what it is computed from, before it is computed.</source>
      <translation>在计算它之前，给它的来源设置 requires_grad=True。</translation>
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
      <source>Shares as areas</source>
      <translation>以面积表示的占比</translation>
    </message>
    <message>
      <source>Show all nodes again</source>
      <translation>重新显示全部节点</translation>
    </message>
    <message>
      <source>Show all {count} values</source>
      <translation>显示全部 {count} 个值</translation>
    </message>
    <message>
      <source>Show large</source>
      <translation>放大显示</translation>
    </message>
    <message>
      <source>Show the node</source>
      <translation>显示该节点</translation>
    </message>
    <message>
      <source>Show the node that proves its name</source>
      <translation>显示证明其名称的节点</translation>
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
      <source>Side by side, one picture each</source>
      <translation>并排，每个下标一幅图</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>大小</translation>
    </message>
    <message>
      <source>Slice as .csv…</source>
      <translation>切片存为 .csv…</translation>
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
      <source>Some tensors require a gradient, but nothing was computed from them yet.</source>
      <translation>有张量需要梯度，但还没有用它们计算任何东西。</translation>
    </message>
    <message>
      <source>Something of the wrong type was used here.</source>
      <translation>这里用了类型不对的东西。</translation>
    </message>
    <message>
      <source>Something to look for is missing here.</source>
      <translation>这里缺少要查找的内容。</translation>
    </message>
    <message>
      <source>Something was divided by zero.</source>
      <translation>发生了除以零。</translation>
    </message>
    <message>
      <source>Something went wrong inside graphviz_app. Your program and the recording are still here.</source>
      <translation>graphviz_app 内部出错了。您的程序和记录都还在。</translation>
    </message>
    <message>
      <source>Speed</source>
      <translation>速度</translation>
    </message>
    <message>
      <source>Step</source>
      <translation>单步</translation>
    </message>
    <message>
      <source>Step back along the axis</source>
      <translation>沿该轴后退一步</translation>
    </message>
    <message>
      <source>Step on along the axis</source>
      <translation>沿该轴前进一步</translation>
    </message>
    <message>
      <source>Step {step}, {name}:</source>
      <translation>第 {step} 步，{name}：</translation>
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
      <source>Stop playing</source>
      <translation>停止播放</translation>
    </message>
    <message>
      <source>Stopped.</source>
      <translation>已停止。</translation>
    </message>
    <message>
      <source>Sum over the paths</source>
      <translation>各路径之和</translation>
    </message>
    <message>
      <source>Sum over these paths</source>
      <translation>这些路径之和</translation>
    </message>
    <message>
      <source>Sunspots of each year</source>
      <translation>历年太阳黑子数</translation>
    </message>
    <message>
      <source>Suppose</source>
      <translation>假设如此</translation>
    </message>
    <message>
      <source>Symlog or linear</source>
      <translation>对称对数或线性</translation>
    </message>
    <message>
      <source>Symlog, or linear</source>
      <translation>对称对数，或线性</translation>
    </message>
    <message>
      <source>Tab takes this</source>
      <translation>按 Tab 采用</translation>
    </message>
    <message>
      <source>Take out os._exit(), or use sys.exit() instead: what ran before it is then shown.</source>
      <translation>去掉 os._exit()，或改用 sys.exit()：这样会显示它之前运行的内容。</translation>
    </message>
    <message>
      <source>Take the part by indexing (x[0]) instead, or clone() it before the change.</source>
      <translation>改用索引（x[0]）取出这一部分，或在修改之前 clone()。</translation>
    </message>
    <message>
      <source>Tensor</source>
      <translation>张量</translation>
    </message>
    <message>
      <source>Text</source>
      <translation>文字</translation>
    </message>
    <message>
      <source>The GPU has not enough memory: the program asked for {size} more.</source>
      <translation>GPU 内存不足：程序还要申请 {size}。</translation>
    </message>
    <message>
      <source>The GPU stopped the program: {detail}.</source>
      <translation>GPU 中止了程序：{detail}。</translation>
    </message>
    <message>
      <source>The app is closing.</source>
      <translation>程序正在关闭。</translation>
    </message>
    <message>
      <source>The backward of this function was marked with once_differentiable, so it cannot be differentiated again.</source>
      <translation>这个函数的 backward 标有 once_differentiable，因此不能再次求导。</translation>
    </message>
    <message>
      <source>The backward of this node raised an error when it was called again: {error} What flowed in and out in the run can be seen.</source>
      <translation>再次调用该节点的 backward 时引发了错误：{error} 运行中流入和流出的梯度仍可查看。</translation>
    </message>
    <message>
      <source>The call could not be made again: {message}</source>
      <translation>无法再次进行该调用：{message}</translation>
    </message>
    <message>
      <source>The call insists on {dtype}, so the step and the tolerances are wide.</source>
      <translation>该调用只接受 {dtype}，因此步长和容差较宽。</translation>
    </message>
    <message>
      <source>The character {character} cannot be written in the encoding the program declares, {encoding}.</source>
      <translation>字符 {character} 无法用程序声明的编码 {encoding} 写出。</translation>
    </message>
    <message>
      <source>The class label {label} is out of range.</source>
      <translation>类别标签 {label} 超出了范围。</translation>
    </message>
    <message>
      <source>The computer has not enough memory for what the program asked for.</source>
      <translation>计算机没有足够的内存满足程序的请求。</translation>
    </message>
    <message>
      <source>The console shows the line it was on.</source>
      <translation>控制台显示了当时所在的行。</translation>
    </message>
    <message>
      <source>The console shows what it said last; look for os.abort() or a failed check in a native extension.</source>
      <translation>控制台显示了最后的信息；检查 os.abort() 或原生扩展中失败的检查。</translation>
    </message>
    <message>
      <source>The data {name} is not there, because {file} could not be read. The program does not use it.</source>
      <translation>无法读取 {file}，因此没有数据 {name}；程序并未用到它。</translation>
    </message>
    <message>
      <source>The default device the program runs with</source>
      <translation>程序运行时的默认设备</translation>
    </message>
    <message>
      <source>The derivative</source>
      <translation>导数</translation>
    </message>
    <message>
      <source>The derivative is infinite at the edge of where this function is defined.</source>
      <translation>该函数在定义域的边缘处导数为无穷大。</translation>
    </message>
    <message>
      <source>The derivative of a power is not finite at base 0 for this exponent.</source>
      <translation>底数为 0 时，该指数下幂的导数不是有限数。</translation>
    </message>
    <message>
      <source>The derivative of a quotient divides by the divisor, which is 0 there.</source>
      <translation>商的导数要除以除数，而该处的除数是 0。</translation>
    </message>
    <message>
      <source>The derivative of the logarithm is 1/x: infinite at 0.</source>
      <translation>对数的导数是 1/x，在 0 处为无穷大。</translation>
    </message>
    <message>
      <source>The derivative of the square root is 1/(2√x): infinite at 0.</source>
      <translation>平方根的导数是 1/(2√x)，在 0 处为无穷大。</translation>
    </message>
    <message>
      <source>The derivative of this gradient cannot be had: {message}</source>
      <translation>无法对这个梯度再求导：{message}</translation>
    </message>
    <message>
      <source>The equation as LaTeX</source>
      <translation>算式（LaTeX）</translation>
    </message>
    <message>
      <source>The file could not be written: {why}</source>
      <translation>无法写入文件：{why}</translation>
    </message>
    <message>
      <source>The first size of both is the batch: print their .shape.</source>
      <translation>两者的第一维都是批大小：请打印它们的 .shape。</translation>
    </message>
    <message>
      <source>The first {count} columns are shown.</source>
      <translation>只显示前 {count} 列。</translation>
    </message>
    <message>
      <source>The gradient given has another type than the tensor backward() starts from.</source>
      <translation>给出的梯度与 backward() 起始张量的类型不同。</translation>
    </message>
    <message>
      <source>The gradient given has shape {given}, but the tensor has shape {wanted}.</source>
      <translation>给出的梯度形状为 {given}，而张量的形状为 {wanted}。</translation>
    </message>
    <message>
      <source>The gradient goes to the caller; .grad stays as it was.</source>
      <translation>梯度交给调用者；.grad 保持不变。</translation>
    </message>
    <message>
      <source>The gradient must be an array of numbers.</source>
      <translation>梯度必须是一个数值数组。</translation>
    </message>
    <message>
      <source>The gradient norms of this pass are being computed…</source>
      <translation>正在计算这次反向传播的梯度范数…</translation>
    </message>
    <message>
      <source>The gradient of an input must have the shape of that input.</source>
      <translation>输入的梯度必须与该输入形状相同。</translation>
    </message>
    <message>
      <source>The gradient of {name} agrees in all {count} entries.</source>
      <translation>{name} 的梯度在全部 {count} 个元素上都相符。</translation>
    </message>
    <message>
      <source>The gradient of {name} differs in {wrong} of {count} entries.</source>
      <translation>{name} 的梯度在 {count} 个元素中有 {wrong} 个不符。</translation>
    </message>
    <message>
      <source>The gradient that arrived is finite, but .grad is not after adding it.</source>
      <translation>传来的梯度是有限的，但累加之后 .grad 不是。</translation>
    </message>
    <message>
      <source>The gradient that arrived there is {value}.</source>
      <translation>传到该处的梯度是 {value}。</translation>
    </message>
    <message>
      <source>The gradient this pass began with was not finite already.</source>
      <translation>这次反向传播的起始梯度本身就不是有限数。</translation>
    </message>
    <message>
      <source>The graph comes when the program has ended.</source>
      <translation>程序结束后会显示计算图。</translation>
    </message>
    <message>
      <source>The graph of this pass was freed when it ran, as the program asked, and was too large to be kept. Run the program again with its graphs kept.</source>
      <translation>这一次反向传播的计算图已按程序的要求在运行时释放，而且太大，无法保留。请保留计算图再运行一次程序。</translation>
    </message>
    <message>
      <source>The graph of {name} was left out: the recording already has {count} nodes.</source>
      <translation>{name} 的计算图被略去：记录已有 {count} 个节点。</translation>
    </message>
    <message>
      <source>The graph shown is that of the run before.</source>
      <translation>图中显示的是上一次运行的图。</translation>
    </message>
    <message>
      <source>The incoming gradient was too large to be kept, so vᵀJ is not recomputed.</source>
      <translation>流入的梯度太大，没有保留，因此不重新计算 vᵀJ。</translation>
    </message>
    <message>
      <source>The indentation of line {line} does not fit: {detail}.</source>
      <translation>第 {line} 行的缩进不对：{detail}。</translation>
    </message>
    <message>
      <source>The key {key} is not in the dictionary.</source>
      <translation>字典中没有键 {key}。</translation>
    </message>
    <message>
      <source>The language changes as soon as the file is there.</source>
      <translation>文件处理完毕后，界面语言即会切换。</translation>
    </message>
    <message>
      <source>The last size of the first must equal the last but one of the second; .T turns a matrix around.</source>
      <translation>前一个的最后一维必须等于后一个的倒数第二维；.T 可以转置矩阵。</translation>
    </message>
    <message>
      <source>The layer takes {wanted} channels, but the input has {got}.</source>
      <translation>该层需要 {wanted} 个通道，但输入有 {got} 个。</translation>
    </message>
    <message>
      <source>The mark in the text shows where.</source>
      <translation>文字中的标记指出了位置。</translation>
    </message>
    <message>
      <source>The module {name} cannot be imported.</source>
      <translation>无法导入模块 {name}。</translation>
    </message>
    <message>
      <source>The name {name} is given to two axes.</source>
      <translation>名称 {name} 给了两个轴。</translation>
    </message>
    <message>
      <source>The name {name} is used but was never given a value.</source>
      <translation>用到了名字 {name}，但从未给它赋值。</translation>
    </message>
    <message>
      <source>The node raised an error at this step, so there is nothing to compare with.</source>
      <translation>节点在这一步引发了错误，因此没有可比较的结果。</translation>
    </message>
    <message>
      <source>The numbers of v</source>
      <translation>v 的各个数</translation>
    </message>
    <message>
      <source>The optimiser was given a tensor that is not a leaf, so it would never get a .grad.</source>
      <translation>交给优化器的张量不是叶子，因此永远得不到 .grad。</translation>
    </message>
    <message>
      <source>The original message says more.</source>
      <translation>原始信息里有更多说明。</translation>
    </message>
    <message>
      <source>The original message says what was expected.</source>
      <translation>原始信息说明了应该是什么。</translation>
    </message>
    <message>
      <source>The original message says which.</source>
      <translation>原始信息说明了是哪一个。</translation>
    </message>
    <message>
      <source>The other output adds its own part to the same vᵀJ.</source>
      <translation>另一个输出也为同一个 vᵀJ 加上它的一份。</translation>
    </message>
    <message>
      <source>The paragraph that ends at line {line} of {path} has more than {most} characters, which is too long for a lesson.</source>
      <translation>{path} 中结束于第 {line} 行的段落超过 {most} 个字符，对课程来说太长了。</translation>
    </message>
    <message>
      <source>The picture is on the clipboard.</source>
      <translation>图片已在剪贴板上。</translation>
    </message>
    <message>
      <source>The process that read the file ended suddenly, so the file may be damaged. Nothing else was lost.</source>
      <translation>读取该文件的进程突然结束，文件可能已损坏。其他内容均未丢失。</translation>
    </message>
    <message>
      <source>The process that waits for the next run was ended three times within five minutes, so none waits any more.</source>
      <translation>等待下一次运行的进程在五分钟内三次被终止，因此不再预先启动。</translation>
    </message>
    <message>
      <source>The product of Jacobians along the path</source>
      <translation>沿路径的雅可比矩阵乘积</translation>
    </message>
    <message>
      <source>The program asked for input, and none came.</source>
      <translation>程序请求输入，但没有得到。</translation>
    </message>
    <message>
      <source>The program asks for CUDA, but this PyTorch cannot use it here.</source>
      <translation>程序要求使用 CUDA，但这里的 PyTorch 无法使用它。</translation>
    </message>
    <message>
      <source>The program asks for input:</source>
      <translation>程序请求输入：</translation>
    </message>
    <message>
      <source>The program changed a saved tensor in place after this pass, and there is no copy of it. Run the program again with its graphs kept.</source>
      <translation>程序在这一次反向传播之后就地修改了一个保存的张量，而且没有它的副本。请保留计算图再运行一次程序。</translation>
    </message>
    <message>
      <source>The program crashed: it touched memory that is not its own (segmentation fault).</source>
      <translation>程序崩溃：访问了不属于它的内存（段错误）。</translation>
    </message>
    <message>
      <source>The program crashed: its process was ended by the signal {name}.</source>
      <translation>程序崩溃：它的进程被信号 {name} 结束。</translation>
    </message>
    <message>
      <source>The program crashed: native code gave up (abort).</source>
      <translation>程序崩溃：原生代码中止（abort）。</translation>
    </message>
    <message>
      <source>The program cuts gradients (detach, no_grad): a difference sees through the cut, a gradient does not.</source>
      <translation>程序切断了梯度（detach、no_grad）：差分会穿过切口，梯度不会。</translation>
    </message>
    <message>
      <source>The program did not get there when it was run again: {message}</source>
      <translation>再次运行时程序没有到达那里：{message}</translation>
    </message>
    <message>
      <source>The program does something else when it is run again, so it cannot be compared with itself.</source>
      <translation>程序再次运行时做了不同的事，因此无法与自身比较。</translation>
    </message>
    <message>
      <source>The program ended its own process with exit code {code}, so nothing could be recorded.</source>
      <translation>程序结束了自己的进程（退出码 {code}），因此无法记录。</translation>
    </message>
    <message>
      <source>The program ended itself with exit code {code}.</source>
      <translation>程序自行退出，退出码 {code}。</translation>
    </message>
    <message>
      <source>The program ended.</source>
      <translation>程序已结束。</translation>
    </message>
    <message>
      <source>The program gave other numbers when it was run again; these are shown now.</source>
      <translation>程序再次运行时给出了不同的数值，现在显示的是这些数值。</translation>
    </message>
    <message>
      <source>The program has no tensor in a variable.</source>
      <translation>程序中没有保存张量的变量。</translation>
    </message>
    <message>
      <source>The program is empty. Type some PyTorch code, or choose an example.</source>
      <translation>程序是空的。请输入 PyTorch 代码，或选择一个示例。</translation>
    </message>
    <message>
      <source>The program is run again in a process of its own, twice for each number that is nudged (at most 64 of each leaf). What it prints there is dropped; what it writes to files it writes again.</source>
      <translation>程序将在单独的进程中重新运行，每个被微调的数运行两次（每个叶子最多 64 个数）。那里的输出会被丢弃；写入文件的内容会再次写入。</translation>
    </message>
    <message>
      <source>The program is run again once in a process of its own, and there the call that made this node is made again with its numbers nudged.</source>
      <translation>程序将在单独的进程中重新运行一次，并在那里用微调过的数重新执行产生此节点的调用。</translation>
    </message>
    <message>
      <source>The program itself had ended; nothing of this run was kept.</source>
      <translation>程序本身已经结束；这次运行的内容没有保留。</translation>
    </message>
    <message>
      <source>The program itself has None here: retain_grad() was not called. This is what passed.</source>
      <translation>程序里这个张量的 .grad 是 None：没有调用 retain_grad()。这里显示的是经过它的梯度。</translation>
    </message>
    <message>
      <source>The program made no tensors, so there is no graph to show.</source>
      <translation>程序没有产生张量，因此没有计算图可显示。</translation>
    </message>
    <message>
      <source>The program never used {names}, so another value changed nothing.</source>
      <translation>程序从未使用 {names}，因此换一个值没有任何影响。</translation>
    </message>
    <message>
      <source>The program ran longer than its limit of {seconds} s and was stopped.</source>
      <translation>程序运行超过了时限 {seconds} 秒，已被停止。</translation>
    </message>
    <message>
      <source>The program stopped with an error.</source>
      <translation>程序因错误而停止。</translation>
    </message>
    <message>
      <source>The program stopped with {type}.</source>
      <translation>程序因 {type} 而停止。</translation>
    </message>
    <message>
      <source>The program used more than its limit of {limit} of memory and was stopped.</source>
      <translation>程序使用的内存超过了上限 {limit}，已被停止。</translation>
    </message>
    <message>
      <source>The program uses this leaf nowhere that it could be found again.</source>
      <translation>程序没有在可以再次找到的地方使用这个叶子。</translation>
    </message>
    <message>
      <source>The program's hooks are not run here; where they change a gradient, it is shown unchanged.</source>
      <translation>这里不会运行程序的钩子；钩子会改动梯度之处，显示的是未改动的梯度。</translation>
    </message>
    <message>
      <source>The program's hooks may change gradients; a difference knows nothing of that.</source>
      <translation>程序的钩子可能改动梯度；差分对此一无所知。</translation>
    </message>
    <message>
      <source>The program's process sent something that cannot be read ({detail}) and was ended.</source>
      <translation>程序的进程发来了无法读取的内容（{detail}），已被结束。</translation>
    </message>
    <message>
      <source>The program's process was killed from outside (signal 9), most often because the computer ran out of memory.</source>
      <translation>程序的进程被外部终止（信号 9），最常见的原因是计算机内存耗尽。</translation>
    </message>
    <message>
      <source>The recording file was closed.</source>
      <translation>记录文件已关闭。</translation>
    </message>
    <message>
      <source>The recording has no value with this number.</source>
      <translation>记录中没有这个编号的值。</translation>
    </message>
    <message>
      <source>The result does not depend on this tensor.</source>
      <translation>该结果不依赖这个张量。</translation>
    </message>
    <message>
      <source>The result has several elements; this is the Hessian of their sum.</source>
      <translation>该结果有多个元素；这是它们之和的海森矩阵。</translation>
    </message>
    <message>
      <source>The result that is differentiated</source>
      <translation>被求导的结果</translation>
    </message>
    <message>
      <source>The rows of a nested tensor have different lengths, so there is no one array to save.</source>
      <translation>嵌套张量各行长度不同，无法存为一个数组。</translation>
    </message>
    <message>
      <source>The run could not be recorded because of a fault in this app: {detail}.</source>
      <translation>由于本应用的错误，这次运行无法记录：{detail}。</translation>
    </message>
    <message>
      <source>The run was stopped because a newer one was started.</source>
      <translation>因为开始了新的运行，这次运行已停止。</translation>
    </message>
    <message>
      <source>The run was stopped because the app was closed.</source>
      <translation>因为应用已关闭，这次运行已停止。</translation>
    </message>
    <message>
      <source>The run was stopped while its recording was still being put together.</source>
      <translation>运行已停止：停止时还在整理记录。</translation>
    </message>
    <message>
      <source>The run was stopped.</source>
      <translation>运行已停止。</translation>
    </message>
    <message>
      <source>The run was stopped. The program did not react to the interrupt, so its process was ended.</source>
      <translation>运行已停止。程序没有响应中断，因此结束了它的进程。</translation>
    </message>
    <message>
      <source>The saved tensors of {count} nodes were not read: the graph is very large.</source>
      <translation>有 {count} 个节点保存的张量没有读取：计算图非常大。</translation>
    </message>
    <message>
      <source>The search was stopped at its limit: following these paths takes too many steps.</source>
      <translation>搜索到达上限而停止：跟踪这些路径需要太多步。</translation>
    </message>
    <message>
      <source>The shapes do not fit together.</source>
      <translation>形状不匹配。</translation>
    </message>
    <message>
      <source>The shapes do not fit together: dimension {dimension} has {a} elements in one and {b} in the other.</source>
      <translation>形状不匹配：第 {dimension} 维一个有 {a} 个元素，另一个有 {b} 个。</translation>
    </message>
    <message>
      <source>The sizes must have the product {size}; one of them may be -1, and is worked out from the others.</source>
      <translation>各维大小的乘积必须等于 {size}；其中一个可以写成 -1，由其余各维推算。</translation>
    </message>
    <message>
      <source>The slice as Python</source>
      <translation>切片的 Python 写法</translation>
    </message>
    <message>
      <source>The slice has more parts ({given}) than the tensor has axes ({wanted}).</source>
      <translation>切片的部分（{given}）多于张量的轴（{wanted}）。</translation>
    </message>
    <message>
      <source>The slice has too many numbers for this: choose a smaller one, or save the tensor.</source>
      <translation>切片中的数太多：请选小一些，或保存整个张量。</translation>
    </message>
    <message>
      <source>The step as an equation</source>
      <translation>这一步的算式</translation>
    </message>
    <message>
      <source>The sum over the paths</source>
      <translation>各路径之和</translation>
    </message>
    <message>
      <source>The table at line {line} of {path} has more than {most} cells.</source>
      <translation>{path} 第 {line} 行的表格超过 {most} 个单元格。</translation>
    </message>
    <message>
      <source>The table at line {line} of {path} has more than {most} columns.</source>
      <translation>{path} 第 {line} 行的表格超过 {most} 列。</translation>
    </message>
    <message>
      <source>The tensor this result stood for no longer exists.</source>
      <translation>这个结果对应的张量已不存在。</translation>
    </message>
    <message>
      <source>The tensors of one operation are on different devices.</source>
      <translation>同一个运算的张量在不同的设备上。</translation>
    </message>
    <message>
      <source>The tensors of one operation have different types.</source>
      <translation>同一个运算的张量类型不同。</translation>
    </message>
    <message>
      <source>The text is too large to paste: {count} characters.</source>
      <translation>要粘贴的文字太长：{count} 个字符。</translation>
    </message>
    <message>
      <source>The values of this run are not there yet: its backward is still running.</source>
      <translation>这次运行的数值还没有：反向传播仍在进行。</translation>
    </message>
    <message>
      <source>The variable {name} is used in this function before it is given a value.</source>
      <translation>变量 {name} 在这个函数中先使用后赋值。</translation>
    </message>
    <message>
      <source>The {followed} that were followed are those found to carry most; the others are left out.</source>
      <translation>只跟踪了其中 {followed} 条，是找到的贡献最大的；其余略去。</translation>
    </message>
    <message>
      <source>The {megabytes} MB set aside for values were full: those of the passes {first} to {last} were let go of. Their graphs, steps and results are there; the first pass and the latest have all their values.</source>
      <translation>为数值预留的 {megabytes} MB 已满：第 {first} 到第 {last} 次反向传播的数值已被释放，它们的图、步骤和结果仍在；第一次和最近几次反向传播的数值完整保留。</translation>
    </message>
    <message>
      <source>Theme of the system</source>
      <translation>跟随系统主题</translation>
    </message>
    <message>
      <source>There are many leaves, so only {most} elements of each are nudged.</source>
      <translation>叶子很多，因此每个只微调 {most} 个元素。</translation>
    </message>
    <message>
      <source>There are no elements here, so J has no entries.</source>
      <translation>这里没有元素，所以 J 没有任何项。</translation>
    </message>
    <message>
      <source>There are too many parentheses inside each other.</source>
      <translation>括号嵌套过深。</translation>
    </message>
    <message>
      <source>There are {got} predictions, but {wanted} targets.</source>
      <translation>预测有 {got} 个，而目标有 {wanted} 个。</translation>
    </message>
    <message>
      <source>There is no backward pass to check: run one first.</source>
      <translation>还没有可检验的反向传播：请先运行一次。</translation>
    </message>
    <message>
      <source>There is no backward pass to look at: run one first.</source>
      <translation>还没有可查看的反向传播：请先运行一次。</translation>
    </message>
    <message>
      <source>There is no field “{name}”. Fields are: {fields}. Put text to be found as it stands in quotes.</source>
      <translation>没有名为“{name}”的字段。可用字段：{fields}。要按原文查找，请加引号。</translation>
    </message>
    <message>
      <source>There is no file {path} any more, from which {name} should come.</source>
      <translation>{name} 所来自的文件 {path} 已不存在。</translation>
    </message>
    <message>
      <source>There is no file {path} in the lesson's folder.</source>
      <translation>课程的文件夹里没有文件 {path}。</translation>
    </message>
    <message>
      <source>There is no gradient to compare at this step.</source>
      <translation>这一步没有可比较的梯度。</translation>
    </message>
    <message>
      <source>There is no graph to export yet: run a program first.</source>
      <translation>还没有可导出的计算图：请先运行程序。</translation>
    </message>
    <message>
      <source>There is no graph to show.</source>
      <translation>没有可显示的计算图。</translation>
    </message>
    <message>
      <source>There is no recording to ask about. Run the program first.</source>
      <translation>没有可供查询的记录。请先运行程序。</translation>
    </message>
    <message>
      <source>There is no recording yet: run a program first.</source>
      <translation>还没有记录：请先运行程序。</translation>
    </message>
    <message>
      <source>There is no result with a graph to differentiate.</source>
      <translation>没有带计算图的结果可以求导。</translation>
    </message>
    <message>
      <source>There is no step {step} here. Run the lesson's program first.</source>
      <translation>这里没有第 {step} 步。请先运行课程中的程序。</translation>
    </message>
    <message>
      <source>There is no such element: the last one of {name} is {last}.</source>
      <translation>没有这个元素：{name} 的最后一个元素是 {last}。</translation>
    </message>
    <message>
      <source>There is no such result to start from.</source>
      <translation>没有这样的结果可以作为起点。</translation>
    </message>
    <message>
      <source>There is no {name} in this graph. Run the lesson's program first.</source>
      <translation>这个计算图里没有 {name}。请先运行课程中的程序。</translation>
    </message>
    <message>
      <source>There is not enough memory to answer this.</source>
      <translation>内存不足，无法回答。</translation>
    </message>
    <message>
      <source>There is one “)” too many.</source>
      <translation>多了一个“)”。</translation>
    </message>
    <message>
      <source>These matrices cannot be multiplied: {shapes}.</source>
      <translation>这些矩阵不能相乘：{shapes}。</translation>
    </message>
    <message>
      <source>These names have no value yet: {names}.</source>
      <translation>这些名字还没有值：{names}。</translation>
    </message>
    <message>
      <source>These values belong to an older run and are gone. Run the program again.</source>
      <translation>这些值属于较早的一次运行，已不存在。请重新运行程序。</translation>
    </message>
    <message>
      <source>This backward cannot be differentiated itself, and J has too many rows to pick columns out of. Choose rows instead.</source>
      <translation>这个 backward 本身不可微，而 J 的行数太多，无法从中挑出列。请改为选择行。</translation>
    </message>
    <message>
      <source>This build of PyTorch was made without it.</source>
      <translation>这个版本的 PyTorch 没有包含它。</translation>
    </message>
    <message>
      <source>This could not be answered because of a fault in this app: {error}.</source>
      <translation>由于本程序的一个错误，无法回答：{error}。</translation>
    </message>
    <message>
      <source>This could not be checked by running the program again: {message}</source>
      <translation>无法通过再次运行程序来核对：{message}</translation>
    </message>
    <message>
      <source>This graph is not drawn in districts.</source>
      <translation>此图没有划分区域。</translation>
    </message>
    <message>
      <source>This graph was already used: its saved values were freed by the program's own backward.</source>
      <translation>这个计算图已经用过：它保存的值被程序自己的 backward 释放了。</translation>
    </message>
    <message>
      <source>This hypothetical gradient was replaced by later ones.</source>
      <translation>这个假设的梯度已被后来的假设取代。</translation>
    </message>
    <message>
      <source>This is a sample: {tall} × {wide} evenly spaced elements of the first slice.</source>
      <translation>这是抽样：第一个切片中等间隔的 {tall} × {wide} 个元素。</translation>
    </message>
    <message>
      <source>This is the program's own backward: it ran {count} more times to fill J.</source>
      <translation>这是程序自己写的 backward：为了填满 J，它又运行了 {count} 次。</translation>
    </message>
    <message>
      <source>This is too large to be sent: {error}.</source>
      <translation>数据太大，无法传送：{error}。</translation>
    </message>
    <message>
      <source>This is too large to be sent: {error}. Look at a smaller part of it.</source>
      <translation>数据太大，无法传送：{error}。请查看较小的一部分。</translation>
    </message>
    <message>
      <source>This matrix has more than a million entries: choose a vector v, or a smaller tensor.</source>
      <translation>这个矩阵的元素超过一百万个：请选择向量 v，或更小的张量。</translation>
    </message>
    <message>
      <source>This node has nothing to do at that step of the pass.</source>
      <translation>在这次反向传播的这一步，该节点没有任何动作。</translation>
    </message>
    <message>
      <source>This operation has several outputs: choose one</source>
      <translation>该操作有多个输出：请选择一个</translation>
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
      <source>This pass sends no gradient there.</source>
      <translation>这次反向传播没有梯度传到那里。</translation>
    </message>
    <message>
      <source>This path's numbers are too many to be written; its norm is {norm}.</source>
      <translation>这条路径的数太多，无法写出；其范数为 {norm}。</translation>
    </message>
    <message>
      <source>This program has no file yet: choose a name for it.</source>
      <translation>这个程序还没有文件：请取一个名字。</translation>
    </message>
    <message>
      <source>This program ran no backward pass.</source>
      <translation>这个程序没有运行反向传播。</translation>
    </message>
    <message>
      <source>This recording has no such backward pass.</source>
      <translation>这份记录里没有这一次反向传播。</translation>
    </message>
    <message>
      <source>This recording was opened from a file, and nothing is run for it: run its program first.</source>
      <translation>该记录是从文件打开的，不会为它运行任何东西：请先运行它的程序。</translation>
    </message>
    <message>
      <source>This run is hypothetical: {names} had other values than the program gives.</source>
      <translation>这是一次假设的运行：{names} 的值与程序给出的不同。</translation>
    </message>
    <message>
      <source>This slice has {count} axes, but the tensor has the shape {shape}.</source>
      <translation>这个切片有 {count} 个轴，但张量的形状是 {shape}。</translation>
    </message>
    <message>
      <source>This slice lies outside axis {axis}, which has {size} elements.</source>
      <translation>这个切片超出了轴 {axis}，该轴有 {size} 个元素。</translation>
    </message>
    <message>
      <source>This slice orders the axes {order}, but shows ranges of {ranges}.</source>
      <translation>这个切片排列的轴是 {order}，但显示范围的轴是 {ranges}。</translation>
    </message>
    <message>
      <source>This sparse tensor has too many elements, zeros included, to be read whole; look at a smaller part of it.</source>
      <translation>这个稀疏张量的元素（含零）太多，无法整个读取；请查看较小的一部分。</translation>
    </message>
    <message>
      <source>This step</source>
      <translation>这一步</translation>
    </message>
    <message>
      <source>This step as an equation</source>
      <translation>这一步的算式</translation>
    </message>
    <message>
      <source>This step, for {name}</source>
      <translation>这一步，对 {name}</translation>
    </message>
    <message>
      <source>This tensor has no numbers to show: it lives on a device without memory, or torch cannot copy it.</source>
      <translation>这个张量没有可显示的数值：它位于没有内存的设备上，或者 torch 无法复制它。</translation>
    </message>
    <message>
      <source>This tensor is nested or lives on a device without memory: it has no derivatives to show.</source>
      <translation>这个张量是嵌套的，或位于没有内存的设备上：没有可显示的导数。</translation>
    </message>
    <message>
      <source>This value cannot be read: {error}.</source>
      <translation>无法读取这个值：{error}。</translation>
    </message>
    <message>
      <source>This value has too many elements to be listed. The tensor pane below the graph shows any part of it.</source>
      <translation>该值的元素太多，无法逐个列出。图下方的张量面板可以显示它的任意一部分。</translation>
    </message>
    <message>
      <source>This value is gone: the program changed the tensor in place after it was used.</source>
      <translation>这个值已不存在：程序在使用这个张量之后就地修改了它。</translation>
    </message>
    <message>
      <source>This value is not in the file: it was not kept when the program ran.</source>
      <translation>这个值不在文件中：程序运行时没有保留它。</translation>
    </message>
    <message>
      <source>This value was let go of: the memory set aside for values was needed for those of later passes.</source>
      <translation>该数值已被释放：为数值预留的内存要留给之后的反向传播。</translation>
    </message>
    <message>
      <source>This value was not kept: it was larger than what was left of the memory set aside for values.</source>
      <translation>这个值没有保留：它比为保存数值预留的剩余内存还要大。</translation>
    </message>
    <message>
      <source>This was stopped before it was done.</source>
      <translation>在完成之前已被停止。</translation>
    </message>
    <message>
      <source>To: the node farther from it</source>
      <translation>终点：远离结果的节点</translation>
    </message>
    <message>
      <source>Top ten</source>
      <translation>前十名</translation>
    </message>
    <message>
      <source>Transpose</source>
      <translation>转置</translation>
    </message>
    <message>
      <source>True and hypothetical side by side</source>
      <translation>真实与假设并列</translation>
    </message>
    <message>
      <source>Two values are combined, or one is looked at; this slice asks for neither.</source>
      <translation>要么合并两个值，要么查看一个值；这个切片两者都不是。</translation>
    </message>
    <message>
      <source>Type part of a variable, an expression, an operation or a module.</source>
      <translation>输入变量、表达式、运算或模块名称的一部分。</translation>
    </message>
    <message>
      <source>Type the answer in the console, or set the value in the code.</source>
      <translation>在控制台中输入，或在代码里设定这个值。</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>撤销</translation>
    </message>
    <message>
      <source>Unsaved text cannot be kept for the case of a crash: {why} Save it yourself.</source>
      <translation>无法为意外崩溃保留未保存的文本：{why}请自行保存。</translation>
    </message>
    <message>
      <source>Unsaved text of {when} was brought back. Save it to keep it.</source>
      <translation>已恢复 {when} 未保存的文字。请保存以保留它。</translation>
    </message>
    <message>
      <source>Untangle: fewer crossing lines</source>
      <translation>理顺：减少交叉的连线</translation>
    </message>
    <message>
      <source>Untangle: no lines cross here</source>
      <translation>理顺：这里没有连线交叉</translation>
    </message>
    <message>
      <source>Untangle: nothing is drawn yet</source>
      <translation>理顺：还没有画任何图</translation>
    </message>
    <message>
      <source>Untangled: {before} crossings became {after}. U draws as usual again.</source>
      <translation>已理顺：交叉从 {before} 处减到 {after} 处。再按 U 恢复通常的画法。</translation>
    </message>
    <message>
      <source>Untangling was stopped; nothing was moved.</source>
      <translation>已停止理顺，图保持不变。</translation>
    </message>
    <message>
      <source>Use an operation that has one, or keep this one out of the graph with detach() or torch.no_grad().</source>
      <translation>换一个有导数的运算，或用 detach()、torch.no_grad() 把它排除在计算图之外。</translation>
    </message>
    <message>
      <source>Use smaller tensors or a smaller batch, or choose the CPU. The copies kept for you to look at take up to a quarter of what is free there.</source>
      <translation>请使用更小的张量或更小的批量，或者改用 CPU。为供查看而保留的副本最多占 GPU 空闲内存的四分之一。</translation>
    </message>
    <message>
      <source>Use smaller tensors or fewer of them, or raise the memory limit.</source>
      <translation>使用更小或更少的张量，或提高内存上限。</translation>
    </message>
    <message>
      <source>Use smaller tensors or set a lower memory limit, close other programs, and run again.</source>
      <translation>使用更小的张量或设置更低的内存上限，关闭其他程序，然后重新运行。</translation>
    </message>
    <message>
      <source>Use smaller tensors, or raise the memory limit in the settings.</source>
      <translation>使用更小的张量，或在设置中提高内存上限。</translation>
    </message>
    <message>
      <source>Use the node that is selected in the graph</source>
      <translation>使用图中所选的节点</translation>
    </message>
    <message>
      <source>Use torch.no_grad() instead of inference_mode(), or clone() the tensor outside it.</source>
      <translation>用 torch.no_grad() 代替 inference_mode()，或在其外部 clone() 该张量。</translation>
    </message>
    <message>
      <source>Use y.detach() to get the same numbers outside the graph.</source>
      <translation>用 y.detach() 得到计算图之外的相同数值。</translation>
    </message>
    <message>
      <source>Usual colours</source>
      <translation>常规颜色</translation>
    </message>
    <message>
      <source>Value</source>
      <translation>值</translation>
    </message>
    <message>
      <source>Value at the end of the run</source>
      <translation>运行结束时的值</translation>
    </message>
    <message>
      <source>Value in this pass</source>
      <translation>这一次反向传播时的值</translation>
    </message>
    <message>
      <source>Variables</source>
      <translation>变量</translation>
    </message>
    <message>
      <source>View</source>
      <translation>显示方式</translation>
    </message>
    <message>
      <source>What had been recorded until then is shown.</source>
      <translation>显示的是停止之前记录到的内容。</translation>
    </message>
    <message>
      <source>What if</source>
      <translation>假如</translation>
    </message>
    <message>
      <source>What if the selected node…</source>
      <translation>假如所选节点…</translation>
    </message>
    <message>
      <source>What if…</source>
      <translation>假如…</translation>
    </message>
    <message>
      <source>What is changed: a leaf's value, or the gradient that arrives at a node</source>
      <translation>要改变的：叶子的值，或到达某节点的梯度</translation>
    </message>
    <message>
      <source>What is checked</source>
      <translation>检验的对象</translation>
    </message>
    <message>
      <source>What is computed from the selected nodes</source>
      <translation>由所选节点计算出的节点</translation>
    </message>
    <message>
      <source>What is it? The shape cannot tell.</source>
      <translation>这是什么？从形状无法判断。</translation>
    </message>
    <message>
      <source>What is measured</source>
      <translation>测量的内容</translation>
    </message>
    <message>
      <source>What is shown below the graph</source>
      <translation>图下方显示的内容</translation>
    </message>
    <message>
      <source>What is shown beside the graph</source>
      <translation>计算图旁边显示的内容</translation>
    </message>
    <message>
      <source>What is this tensor?</source>
      <translation>这个张量是什么？</translation>
    </message>
    <message>
      <source>What should “{field}” be? For example: {example}</source>
      <translation>“{field}”应为何值？例如：{example}</translation>
    </message>
    <message>
      <source>What the node returned was too large to be kept, so vᵀJ is not compared with it.</source>
      <translation>节点返回的结果太大，没有保留，因此不与 vᵀJ 比较。</translation>
    </message>
    <message>
      <source>What the selected nodes are computed from</source>
      <translation>计算所选节点所用的节点</translation>
    </message>
    <message>
      <source>What was given cannot be turned into the tensor's type.</source>
      <translation>给出的数值无法转换成该张量的类型。</translation>
    </message>
    <message>
      <source>What was given has another shape than the tensor it is for.</source>
      <translation>给出的数值与对应张量的形状不同。</translation>
    </message>
    <message>
      <source>Where J or v is infinite or not a number, vᵀJ is not compared: 0 times infinity is not a number.</source>
      <translation>在 J 或 v 为无穷大或 NaN 的地方不比较 vᵀJ：0 乘以无穷大不是一个数。</translation>
    </message>
    <message>
      <source>Which output</source>
      <translation>哪个输出</translation>
    </message>
    <message>
      <source>Which v</source>
      <translation>选择 v</translation>
    </message>
    <message>
      <source>While the tensor pane has the focus</source>
      <translation>张量面板获得焦点时</translation>
    </message>
    <message>
      <source>Whole tensor as .npy…</source>
      <translation>整个张量存为 .npy…</translation>
    </message>
    <message>
      <source>Whole tensor as .safetensors…</source>
      <translation>整个张量存为 .safetensors…</translation>
    </message>
    <message>
      <source>Whole words only</source>
      <translation>只匹配整个单词</translation>
    </message>
    <message>
      <source>Why no gradient flows here</source>
      <translation>为什么这里没有梯度流过</translation>
    </message>
    <message>
      <source>With respect to</source>
      <translation>对什么求导</translation>
    </message>
    <message>
      <source>With this value the program goes another way, so only what has a name is compared.</source>
      <translation>取这个值时程序走了另一条路，因此只比较有名字的内容。</translation>
    </message>
    <message>
      <source>Word</source>
      <translation>全词</translation>
    </message>
    <message>
      <source>Words find what they stand in. A space means and; or, not and ( ) combine; quotes keep text together.</source>
      <translation>输入词语即可查找包含它的节点。空格表示“且”；or、not 和 ( ) 用于组合；引号内的文字作为整体查找。</translation>
    </message>
    <message>
      <source>Wrap an update of the weights in torch.no_grad(), or compute a new tensor instead.</source>
      <translation>把权重更新放进 torch.no_grad()，或改为计算一个新的张量。</translation>
    </message>
    <message>
      <source>Wrap it in torch.no_grad(), or make a clone() first and change that.</source>
      <translation>把它放进 torch.no_grad()，或先 clone() 再修改副本。</translation>
    </message>
    <message>
      <source>Write the change as a new tensor (y = y + 1 instead of y += 1), or change a clone().</source>
      <translation>把修改写成新的张量（用 y = y + 1 代替 y += 1），或修改 clone() 的副本。</translation>
    </message>
    <message>
      <source>Write the numbers with a point (torch.tensor([1., 2.])) or pass dtype=torch.float32.</source>
      <translation>写数字时带上小数点（torch.tensor([1., 2.])），或传入 dtype=torch.float32。</translation>
    </message>
    <message>
      <source>Writing {name}…</source>
      <translation>正在写入 {name}…</translation>
    </message>
    <message>
      <source>Wrote {path}.</source>
      <translation>已写入 {path}。</translation>
    </message>
    <message>
      <source>Your backward of {name} is wrong in {wrong} of {count} entries.</source>
      <translation>你为 {name} 写的 backward 在 {count} 个元素中有 {wrong} 个是错的。</translation>
    </message>
    <message>
      <source>Your settings cannot be saved in {path}: {why} They hold until you close the window.</source>
      <translation>设置无法保存到 {path}：{why}在关闭窗口之前，这些设置仍然有效。</translation>
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
      <source>Zooming opens and closes districts</source>
      <translation>缩放时展开和收起区域</translation>
    </message>
    <message>
      <source>a linear layer takes a row of features for each example: {text}</source>
      <translation>线性层为每个样本接收一行特征：{text}</translation>
    </message>
    <message>
      <source>a part of its path is not a folder.</source>
      <translation>路径中有一部分不是文件夹。</translation>
    </message>
    <message>
      <source>a plain tensor: requires_grad is False</source>
      <translation>普通张量：requires_grad 为 False</translation>
    </message>
    <message>
      <source>a program</source>
      <translation>程序</translation>
    </message>
    <message>
      <source>a view</source>
      <translation>一个视图</translation>
    </message>
    <message>
      <source>a view of {name}</source>
      <translation>{name} 的视图</translation>
    </message>
    <message>
      <source>accumulates into .grad</source>
      <translation>累加到 .grad</translation>
    </message>
    <message>
      <source>across</source>
      <translation>横向</translation>
    </message>
    <message>
      <source>agrees</source>
      <translation>相符</translation>
    </message>
    <message>
      <source>all steps</source>
      <translation>所有步</translation>
    </message>
    <message>
      <source>allowed</source>
      <translation>允许</translation>
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
      <source>and {count} more outputs</source>
      <translation>以及另外 {count} 个输出</translation>
    </message>
    <message>
      <source>another shape</source>
      <translation>形状不同</translation>
    </message>
    <message>
      <source>as outlines, which look the same everywhere</source>
      <translation>转为轮廓，在任何地方看起来都一样</translation>
    </message>
    <message>
      <source>as text, which can be searched and edited</source>
      <translation>保留为文字，可搜索和编辑</translation>
    </message>
    <message>
      <source>asinh</source>
      <translation>asinh</translation>
    </message>
    <message>
      <source>autograd.grad took the gradient here. The node itself did not run, so there is nothing to compare with.</source>
      <translation>autograd.grad 在这里取走了梯度。节点本身没有运行，因此没有可比较的结果。</translation>
    </message>
    <message>
      <source>autograd.grad took the gradient here; the node itself did not run.</source>
      <translation>autograd.grad 在这里取走了梯度；节点本身没有运行。</translation>
    </message>
    <message>
      <source>autograd.grad was asked for the gradient of a tensor that the result was not computed from.</source>
      <translation>向 autograd.grad 请求了某个张量的梯度，但结果并不是由它计算出来的。</translation>
    </message>
    <message>
      <source>axis {axis}{name}, {size} elements: {role}</source>
      <translation>轴 {axis}{name}，{size} 个元素：{role}</translation>
    </message>
    <message>
      <source>axis {axis}{name}: only one index</source>
      <translation>轴 {axis}{name}：只有一个下标</translation>
    </message>
    <message>
      <source>back to</source>
      <translation>回到</translation>
    </message>
    <message>
      <source>backward must return one value for each argument of forward: None for those without a gradient.</source>
      <translation>backward 必须为 forward 的每个参数返回一个值：没有梯度的返回 None。</translation>
    </message>
    <message>
      <source>backward ran a second time through a graph whose saved values were already freed.</source>
      <translation>backward 第二次经过一个计算图，而它保存的值已经释放。</translation>
    </message>
    <message>
      <source>backward time</source>
      <translation>反向时间</translation>
    </message>
    <message>
      <source>backward {amount} ({share})</source>
      <translation>反向 {amount}（{share}）</translation>
    </message>
    <message>
      <source>backward() was called on a tensor without a graph: no gradient can reach anything from it.</source>
      <translation>对没有计算图的张量调用了 backward()：从它出发，梯度到不了任何地方。</translation>
    </message>
    <message>
      <source>backward() without an argument needs a single number, but this tensor has more.</source>
      <translation>不带参数的 backward() 需要一个单独的数，而这个张量不止一个数。</translation>
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
      <source>by backward</source>
      <translation>反向传播所得</translation>
    </message>
    <message>
      <source>by differences</source>
      <translation>差分所得</translation>
    </message>
    <message>
      <source>by hand</source>
      <translation>手动</translation>
    </message>
    <message>
      <source>by one {name}</source>
      <translation>对 {name} 的一个元素</translation>
    </message>
    <message>
      <source>cannot be seen: {codes}</source>
      <translation>看不见的字符：{codes}</translation>
    </message>
    <message>
      <source>channels_last</source>
      <translation>channels_last</translation>
    </message>
    <message>
      <source>channels_last_3d</source>
      <translation>channels_last_3d</translation>
    </message>
    <message>
      <source>class</source>
      <translation>类</translation>
    </message>
    <message>
      <source>close to what torch returned: differs by {worst} at most</source>
      <translation>与 torch 返回的结果接近：最多相差 {worst}</translation>
    </message>
    <message>
      <source>colour</source>
      <translation>颜色</translation>
    </message>
    <message>
      <source>column {x}: how each element of {y} depends on {x}</source>
      <translation>列 {x}：{y} 的每个元素如何依赖 {x}</translation>
    </message>
    <message>
      <source>columns {columns}</source>
      <translation>列：{columns}</translation>
    </message>
    <message>
      <source>comparison</source>
      <translation>比较</translation>
    </message>
    <message>
      <source>computed in {time}</source>
      <translation>用时 {time}</translation>
    </message>
    <message>
      <source>computing…</source>
      <translation>计算中…</translation>
    </message>
    <message>
      <source>constant</source>
      <translation>常量</translation>
    </message>
    <message>
      <source>contiguous</source>
      <translation>连续</translation>
    </message>
    <message>
      <source>cut</source>
      <translation>截断</translation>
    </message>
    <message>
      <source>detach() was called: the gradient stops here</source>
      <translation>调用了 detach()：梯度到此为止</translation>
    </message>
    <message>
      <source>device</source>
      <translation>设备</translation>
    </message>
    <message>
      <source>difference</source>
      <translation>差</translation>
    </message>
    <message>
      <source>differs</source>
      <translation>不符</translation>
    </message>
    <message>
      <source>differs by {worst} relative</source>
      <translation>相差（相对){worst}</translation>
    </message>
    <message>
      <source>differs from what torch returned by {worst}, more than {tolerance}</source>
      <translation>与 torch 返回的结果相差 {worst}，超过了 {tolerance}</translation>
    </message>
    <message>
      <source>differs from {name}: greatest difference {difference}</source>
      <translation>与 {name} 不同：最大差值 {difference}</translation>
    </message>
    <message>
      <source>do the signs agree?</source>
      <translation>符号是否一致？</translation>
    </message>
    <message>
      <source>double-click the title to close</source>
      <translation>双击标题收起</translation>
    </message>
    <message>
      <source>double-click to open</source>
      <translation>双击展开</translation>
    </message>
    <message>
      <source>down</source>
      <translation>纵向</translation>
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
      <source>end of input</source>
      <translation>输入结束</translation>
    </message>
    <message>
      <source>entry</source>
      <translation>元素</translation>
    </message>
    <message>
      <source>equal up to rounding ({worst} relative)</source>
      <translation>在舍入误差内相等（相对 {worst}）</translation>
    </message>
    <message>
      <source>equal, bit for bit</source>
      <translation>逐位相等</translation>
    </message>
    <message>
      <source>equals what torch returned wherever both are finite</source>
      <translation>凡是两者都有限之处，与 torch 返回的结果相同</translation>
    </message>
    <message>
      <source>equals what torch returned, bit for bit</source>
      <translation>与 torch 返回的结果逐位相同</translation>
    </message>
    <message>
      <source>equals {name} up to rounding: greatest difference {difference}</source>
      <translation>与 {name} 在舍入误差内相等：最大差值 {difference}</translation>
    </message>
    <message>
      <source>equals {name}, bit for bit</source>
      <translation>与 {name} 逐位相等</translation>
    </message>
    <message>
      <source>every element is 0</source>
      <translation>每个元素都是 0</translation>
    </message>
    <message>
      <source>every element is NaN</source>
      <translation>每个元素都是 NaN</translation>
    </message>
    <message>
      <source>every element is {x}</source>
      <translation>每个元素都是 {x}</translation>
    </message>
    <message>
      <source>exactly zero</source>
      <translation>恰好为零</translation>
    </message>
    <message>
      <source>expanded (one element stands for many)</source>
      <translation>扩展（一个元素代表多个）</translation>
    </message>
    <message>
      <source>exploding</source>
      <translation>爆炸</translation>
    </message>
    <message>
      <source>expression</source>
      <translation>表达式</translation>
    </message>
    <message>
      <source>flattened</source>
      <translation>展平</translation>
    </message>
    <message>
      <source>for {name}</source>
      <translation>对 {name}</translation>
    </message>
    <message>
      <source>forward</source>
      <translation>前向</translation>
    </message>
    <message>
      <source>forward time</source>
      <translation>前向时间</translation>
    </message>
    <message>
      <source>forward {amount} ({share})</source>
      <translation>前向 {amount}（{share}）</translation>
    </message>
    <message>
      <source>from</source>
      <translation>从</translation>
    </message>
    <message>
      <source>from {name}</source>
      <translation>来自 {name}</translation>
    </message>
    <message>
      <source>function</source>
      <translation>函数</translation>
    </message>
    <message>
      <source>grad</source>
      <translation>梯度</translation>
    </message>
    <message>
      <source>grad {before} + {increment}</source>
      <translation>梯度 {before} + {increment}</translation>
    </message>
    <message>
      <source>grad {value}</source>
      <translation>梯度 {value}</translation>
    </message>
    <message>
      <source>gradient</source>
      <translation>梯度</translation>
    </message>
    <message>
      <source>gradient after this step</source>
      <translation>这一步之后的梯度</translation>
    </message>
    <message>
      <source>gradient at output {slot} of {name}</source>
      <translation>{name} 的输出 {slot} 处的梯度</translation>
    </message>
    <message>
      <source>gradient at {name}</source>
      <translation>{name} 处的梯度</translation>
    </message>
    <message>
      <source>gradient in</source>
      <translation>传入梯度</translation>
    </message>
    <message>
      <source>gradient out</source>
      <translation>传出梯度</translation>
    </message>
    <message>
      <source>gradient {value}</source>
      <translation>梯度 {value}</translation>
    </message>
    <message>
      <source>gradient {x}</source>
      <translation>梯度 {x}</translation>
    </message>
    <message>
      <source>gradient − before this step</source>
      <translation>梯度 − 这一步之前</translation>
    </message>
    <message>
      <source>gradient − the pass before</source>
      <translation>梯度 − 上一次反向传播</translation>
    </message>
    <message>
      <source>guessed: a weight of this shape usually belongs to a convolution</source>
      <translation>猜测：这种形状的权重通常属于卷积</translation>
    </message>
    <message>
      <source>guessed: an axis of size {size} is usually colour</source>
      <translation>猜测：大小为 {size} 的轴通常是颜色</translation>
    </message>
    <message>
      <source>guessed: an axis this long is usually time</source>
      <translation>猜测：这么长的轴通常是时间</translation>
    </message>
    <message>
      <source>guessed: slices or frames before height and width</source>
      <translation>猜测：高和宽之前是切片或帧</translation>
    </message>
    <message>
      <source>guessed: the outermost axis is usually one of examples</source>
      <translation>猜测：最外层的轴通常是样本</translation>
    </message>
    <message>
      <source>guessed: these two axes are long enough to be a picture</source>
      <translation>猜测：这两个轴足够长，可以是一幅图</translation>
    </message>
    <message>
      <source>had another value from the start, shape {shape}</source>
      <translation>从一开始就取另一个值，形状 {shape}</translation>
    </message>
    <message>
      <source>hypothetical</source>
      <translation>假设</translation>
    </message>
    <message>
      <source>images</source>
      <translation>图像</translation>
    </message>
    <message>
      <source>imaginary part</source>
      <translation>虚部</translation>
    </message>
    <message>
      <source>in shape</source>
      <translation>按形状</translation>
    </message>
    <message>
      <source>in {module}</source>
      <translation>在 {module} 中</translation>
    </message>
    <message>
      <source>in {shapes}</source>
      <translation>输入 {shapes}</translation>
    </message>
    <message>
      <source>increment of {name}.grad</source>
      <translation>{name}.grad 的增量</translation>
    </message>
    <message>
      <source>input {slot}</source>
      <translation>输入 {slot}</translation>
    </message>
    <message>
      <source>inside pass {number}</source>
      <translation>在第 {number} 次反向传播之中</translation>
    </message>
    <message>
      <source>it holds characters that cannot be written.</source>
      <translation>其中含有无法写入的字符。</translation>
    </message>
    <message>
      <source>it is a folder.</source>
      <translation>它是一个文件夹。</translation>
    </message>
    <message>
      <source>it is the weight of a linear layer, a row for each output: {text}</source>
      <translation>它是线性层的权重，每个输出一行：{text}</translation>
    </message>
    <message>
      <source>it is the weight of {node}: {text}</source>
      <translation>它是 {node} 的权重：{text}</translation>
    </message>
    <message>
      <source>it may not be read or written by you, or is read-only.</source>
      <translation>您没有读写权限，或它是只读的。</translation>
    </message>
    <message>
      <source>its name is too long.</source>
      <translation>名称太长。</translation>
    </message>
    <message>
      <source>its part</source>
      <translation>它的贡献</translation>
    </message>
    <message>
      <source>keeping what was recorded… Stop again drops it</source>
      <translation>正在保留已记录的内容…再按“停止”则丢弃</translation>
    </message>
    <message>
      <source>kept for the backward {amount} ({share})</source>
      <translation>为反向保留 {amount}（{share}）</translation>
    </message>
    <message>
      <source>keyword</source>
      <translation>关键字</translation>
    </message>
    <message>
      <source>known when the run has ended</source>
      <translation>运行结束后才知道</translation>
    </message>
    <message>
      <source>leaf</source>
      <translation>叶子</translation>
    </message>
    <message>
      <source>lesson data</source>
      <translation>课程数据</translation>
    </message>
    <message>
      <source>levels {low} to {high}</source>
      <translation>颜色范围 {low} 到 {high}</translation>
    </message>
    <message>
      <source>line</source>
      <translation>行</translation>
    </message>
    <message>
      <source>line {line}</source>
      <translation>第 {line} 行</translation>
    </message>
    <message>
      <source>linear</source>
      <translation>线性</translation>
    </message>
    <message>
      <source>locked</source>
      <translation>已锁定</translation>
    </message>
    <message>
      <source>log</source>
      <translation>对数</translation>
    </message>
    <message>
      <source>made by</source>
      <translation>来源</translation>
    </message>
    <message>
      <source>made from a tensor whose gradient was cut</source>
      <translation>来自一个梯度已被截断的张量</translation>
    </message>
    <message>
      <source>made inside torch.inference_mode(): nothing is recorded there</source>
      <translation>在 torch.inference_mode() 中产生：那里不做记录</translation>
    </message>
    <message>
      <source>made inside torch.no_grad(): nothing is recorded there</source>
      <translation>在 torch.no_grad() 中产生：那里不做记录</translation>
    </message>
    <message>
      <source>magnitude</source>
      <translation>模</translation>
    </message>
    <message>
      <source>magnitude {size}, phase {angle}</source>
      <translation>模 {size}，辐角 {angle}</translation>
    </message>
    <message>
      <source>matrix</source>
      <translation>矩阵</translation>
    </message>
    <message>
      <source>matrix of shape {shape}</source>
      <translation>形状为 {shape} 的矩阵</translation>
    </message>
    <message>
      <source>max</source>
      <translation>最大</translation>
    </message>
    <message>
      <source>max {x}</source>
      <translation>最大 {x}</translation>
    </message>
    <message>
      <source>mean</source>
      <translation>均值</translation>
    </message>
    <message>
      <source>mean {x}</source>
      <translation>均值 {x}</translation>
    </message>
    <message>
      <source>memory</source>
      <translation>内存</translation>
    </message>
    <message>
      <source>memory kept for the backward</source>
      <translation>为反向保留的内存</translation>
    </message>
    <message>
      <source>min</source>
      <translation>最小</translation>
    </message>
    <message>
      <source>min {x}</source>
      <translation>最小 {x}</translation>
    </message>
    <message>
      <source>mode</source>
      <translation>模式</translation>
    </message>
    <message>
      <source>module</source>
      <translation>模块</translation>
    </message>
    <message>
      <source>name</source>
      <translation>名称</translation>
    </message>
    <message>
      <source>named by you</source>
      <translation>由你命名</translation>
    </message>
    <message>
      <source>named in the text you gave for this tensor</source>
      <translation>由你为这个张量写的名称文字给出</translation>
    </message>
    <message>
      <source>no</source>
      <translation>否</translation>
    </message>
    <message>
      <source>no backward pass has run yet</source>
      <translation>还没有运行过反向传播</translation>
    </message>
    <message>
      <source>no backward yet</source>
      <translation>尚未反向传播</translation>
    </message>
    <message>
      <source>no element is finite</source>
      <translation>没有有限的元素</translation>
    </message>
    <message>
      <source>no elements: its shape is {shape}</source>
      <translation>没有元素：形状是 {shape}</translation>
    </message>
    <message>
      <source>node</source>
      <translation>节点</translation>
    </message>
    <message>
      <source>non-contiguous</source>
      <translation>不连续</translation>
    </message>
    <message>
      <source>none</source>
      <translation>无</translation>
    </message>
    <message>
      <source>norm</source>
      <translation>范数</translation>
    </message>
    <message>
      <source>norm changes by {norm}</source>
      <translation>范数变化 {norm}</translation>
    </message>
    <message>
      <source>norm of the gradient</source>
      <translation>梯度的范数</translation>
    </message>
    <message>
      <source>norm {norm}</source>
      <translation>范数 {norm}</translation>
    </message>
    <message>
      <source>norm {x}</source>
      <translation>范数 {x}</translation>
    </message>
    <message>
      <source>not compared with what torch returned: J was not computed whole</source>
      <translation>没有与 torch 返回的结果比较：J 没有全部算出</translation>
    </message>
    <message>
      <source>not computed yet: comes at step {step}</source>
      <translation>尚未计算：将在第 {step} 步得到</translation>
    </message>
    <message>
      <source>not measured</source>
      <translation>未测量</translation>
    </message>
    <message>
      <source>numpy() was called on a tensor that is part of a graph.</source>
      <translation>对计算图中的张量调用了 numpy()。</translation>
    </message>
    <message>
      <source>of one {name}</source>
      <translation>{name} 的一个元素</translation>
    </message>
    <message>
      <source>one index</source>
      <translation>单个下标</translation>
    </message>
    <message>
      <source>one number</source>
      <translation>一个数</translation>
    </message>
    <message>
      <source>one product</source>
      <translation>一次乘积</translation>
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
      <source>only {axes}</source>
      <translation>仅 {axes}</translation>
    </message>
    <message>
      <source>operation</source>
      <translation>运算</translation>
    </message>
    <message>
      <source>operations</source>
      <translation>运算数</translation>
    </message>
    <message>
      <source>others</source>
      <translation>其他</translation>
    </message>
    <message>
      <source>out {norm}</source>
      <translation>传出 {norm}</translation>
    </message>
    <message>
      <source>out {shapes}</source>
      <translation>输出 {shapes}</translation>
    </message>
    <message>
      <source>output {slot}</source>
      <translation>输出 {slot}</translation>
    </message>
    <message>
      <source>output {slot} of {name}</source>
      <translation>{name} 的输出 {slot}</translation>
    </message>
    <message>
      <source>outside the graph</source>
      <translation>在计算图之外</translation>
    </message>
    <message>
      <source>packing…</source>
      <translation>正在整理…</translation>
    </message>
    <message>
      <source>parameter</source>
      <translation>参数</translation>
    </message>
    <message>
      <source>pass {number} of {count}</source>
      <translation>第 {number} 次反向传播，共 {count} 次</translation>
    </message>
    <message>
      <source>path</source>
      <translation>路径</translation>
    </message>
    <message>
      <source>path {number}</source>
      <translation>路径 {number}</translation>
    </message>
    <message>
      <source>phase</source>
      <translation>相位</translation>
    </message>
    <message>
      <source>picture for the clipboard</source>
      <translation>要复制的图片</translation>
    </message>
    <message>
      <source>plays</source>
      <translation>播放</translation>
    </message>
    <message>
      <source>product</source>
      <translation>乘积</translation>
    </message>
    <message>
      <source>products for the whole derivative</source>
      <translation>得到全部导数所需的乘积次数</translation>
    </message>
    <message>
      <source>property</source>
      <translation>属性</translation>
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
      <source>real part</source>
      <translation>实部</translation>
    </message>
    <message>
      <source>received another gradient v, shape {shape}</source>
      <translation>收到另一个梯度 v，形状 {shape}</translation>
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
      <source>requires_grad can only be switched off on a leaf, and this tensor was computed from others.</source>
      <translation>只能在叶子张量上关闭 requires_grad，而这个张量是由其他张量计算出来的。</translation>
    </message>
    <message>
      <source>requires_grad is False: it has no gradient</source>
      <translation>requires_grad 为 False：它没有梯度</translation>
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
      <source>retain_grad() was called on a tensor that requires no gradient.</source>
      <translation>对不需要梯度的张量调用了 retain_grad()。</translation>
    </message>
    <message>
      <source>returns gradients, leaves .grad alone</source>
      <translation>返回梯度，不改动 .grad</translation>
    </message>
    <message>
      <source>reverse</source>
      <translation>反向</translation>
    </message>
    <message>
      <source>root</source>
      <translation>根</translation>
    </message>
    <message>
      <source>row {y}: how {y} depends on each element of {x}</source>
      <translation>行 {y}：{y} 如何依赖 {x} 的每个元素</translation>
    </message>
    <message>
      <source>rows {row} to {last_row}, columns {column} to {last_column}</source>
      <translation>行 {row} 到 {last_row}，列 {column} 到 {last_column}</translation>
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
      <source>running the program again and comparing…</source>
      <translation>正在重新运行程序并比较…</translation>
    </message>
    <message>
      <source>running the program again…</source>
      <translation>正在重新运行程序…</translation>
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
      <source>share</source>
      <translation>占比</translation>
    </message>
    <message>
      <source>shares memory with {names}</source>
      <translation>与 {names} 共享内存</translation>
    </message>
    <message>
      <source>side by side</source>
      <translation>并排</translation>
    </message>
    <message>
      <source>slices of many axes</source>
      <translation>多轴切片</translation>
    </message>
    <message>
      <source>split view</source>
      <translation>分屏对照</translation>
    </message>
    <message>
      <source>stack of sheets</source>
      <translation>一叠矩阵</translation>
    </message>
    <message>
      <source>std</source>
      <translation>标准差</translation>
    </message>
    <message>
      <source>std {x}</source>
      <translation>标准差 {x}</translation>
    </message>
    <message>
      <source>step</source>
      <translation>步</translation>
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
      <source>stopped after {time} · {nodes} nodes · seed {seed} · {device}</source>
      <translation>{time} 后停止 · {nodes} 个节点 · 种子 {seed} · {device}</translation>
    </message>
    <message>
      <source>strides {strides}</source>
      <translation>步幅 {strides}</translation>
    </message>
    <message>
      <source>subnormals {count}</source>
      <translation>次正规数 {count}</translation>
    </message>
    <message>
      <source>sum</source>
      <translation>和</translation>
    </message>
    <message>
      <source>symlog</source>
      <translation>对称对数</translation>
    </message>
    <message>
      <source>the NumPy array {name}</source>
      <translation>NumPy 数组 {name}</translation>
    </message>
    <message>
      <source>the disk is full.</source>
      <translation>磁盘已满。</translation>
    </message>
    <message>
      <source>the disk is read-only.</source>
      <translation>磁盘是只读的。</translation>
    </message>
    <message>
      <source>the file it was read from has its axes in this order</source>
      <translation>它所来自的文件就是按这个顺序排列各轴的</translation>
    </message>
    <message>
      <source>the gradient at {name} were {value}</source>
      <translation> {name} 处的梯度为 {value}</translation>
    </message>
    <message>
      <source>the node {name}</source>
      <translation>节点 {name}</translation>
    </message>
    <message>
      <source>the picture of the equation</source>
      <translation>算式的图片</translation>
    </message>
    <message>
      <source>the result is a whole number: it has no gradient</source>
      <translation>结果是整数：没有梯度</translation>
    </message>
    <message>
      <source>the result is true or false: it has no gradient</source>
      <translation>结果是真假值：没有梯度</translation>
    </message>
    <message>
      <source>the whole program</source>
      <translation>整个程序</translation>
    </message>
    <message>
      <source>there is a folder of that name.</source>
      <translation>那里有一个同名的文件夹。</translation>
    </message>
    <message>
      <source>there is no such file or folder.</source>
      <translation>没有这个文件或文件夹。</translation>
    </message>
    <message>
      <source>there is not enough memory to read {size} bytes of {name}</source>
      <translation>内存不足，无法读取 {name} 的 {size} 字节</translation>
    </message>
    <message>
      <source>this operation has no gradient</source>
      <translation>这个运算没有梯度</translation>
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
      <source>this slice</source>
      <translation>此切片</translation>
    </message>
    <message>
      <source>time</source>
      <translation>时间</translation>
    </message>
    <message>
      <source>time of the backward</source>
      <translation>反向时间</translation>
    </message>
    <message>
      <source>time of the forward</source>
      <translation>前向时间</translation>
    </message>
    <message>
      <source>time series</source>
      <translation>时间序列</translation>
    </message>
    <message>
      <source>to {name}</source>
      <translation>传给 {name}</translation>
    </message>
    <message>
      <source>torch could not run this graph again: {message}</source>
      <translation>torch 无法再次运行这张图：{message}</translation>
    </message>
    <message>
      <source>torch has no rule written down for this node.</source>
      <translation>torch 没有为这个节点写下法则。</translation>
    </message>
    <message>
      <source>torch's gradient</source>
      <translation>torch 的梯度</translation>
    </message>
    <message>
      <source>torch.autograd.functional differentiates by leaves only: choose a leaf to compare with it.</source>
      <translation>torch.autograd.functional 只能对叶子求导：请选择一个叶子再比较。</translation>
    </message>
    <message>
      <source>torch.compile was ignored, so that every operation can be shown.</source>
      <translation>忽略了 torch.compile，以便显示每个运算。</translation>
    </message>
    <message>
      <source>torch.tensor() copies the numbers and leaves the graph behind</source>
      <translation>torch.tensor() 只复制数值，脱离了计算图</translation>
    </message>
    <message>
      <source>true</source>
      <translation>真实</translation>
    </message>
    <message>
      <source>type to search</source>
      <translation>输入以搜索</translation>
    </message>
    <message>
      <source>typed</source>
      <translation>手动输入</translation>
    </message>
    <message>
      <source>untangling, at most 5 s…</source>
      <translation>正在理顺，至多 5 秒…</translation>
    </message>
    <message>
      <source>untitled.py</source>
      <translation>未命名.py</translation>
    </message>
    <message>
      <source>used, but not differentiated</source>
      <translation>被使用，但不参与求导</translation>
    </message>
    <message>
      <source>v in {norm}</source>
      <translation>v 传入 {norm}</translation>
    </message>
    <message>
      <source>v is random, so that no error cancels out.</source>
      <translation>v 是随机的，这样误差不会互相抵消。</translation>
    </message>
    <message>
      <source>v must have exactly the shape of the tensor backward() starts from.</source>
      <translation>v 的形状必须与 backward() 起始张量的形状完全相同。</translation>
    </message>
    <message>
      <source>v needs {wanted} numbers for shape {shape}; there are {got}.</source>
      <translation>形状为 {shape} 的 v 需要 {wanted} 个数；现在有 {got} 个。</translation>
    </message>
    <message>
      <source>v, in the shape of {name}</source>
      <translation>v，按 {name} 的形状</translation>
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
      <source>value at the end of the run</source>
      <translation>运行结束时的值</translation>
    </message>
    <message>
      <source>value in this pass</source>
      <translation>这一次的值</translation>
    </message>
    <message>
      <source>value of {name}</source>
      <translation>{name} 的值</translation>
    </message>
    <message>
      <source>value − gradient</source>
      <translation>值 − 梯度</translation>
    </message>
    <message>
      <source>vanishing</source>
      <translation>消失</translation>
    </message>
    <message>
      <source>variable</source>
      <translation>变量</translation>
    </message>
    <message>
      <source>vector</source>
      <translation>向量</translation>
    </message>
    <message>
      <source>verdict</source>
      <translation>结论</translation>
    </message>
    <message>
      <source>version {number}</source>
      <translation>版本 {number}</translation>
    </message>
    <message>
      <source>video</source>
      <translation>视频</translation>
    </message>
    <message>
      <source>vᵀJ is not what the node returned in the run: its backward is not linear in v, or it uses something that has changed since.</source>
      <translation>vᵀJ 与节点在运行中返回的结果不同：它的 backward 对 v 不是线性的，或者它用到的某些东西之后被改变了。</translation>
    </message>
    <message>
      <source>vᵀJ, in the shape of {name}</source>
      <translation>vᵀJ，按 {name} 的形状</translation>
    </message>
    <message>
      <source>what</source>
      <translation>情况</translation>
    </message>
    <message>
      <source>whole graph</source>
      <translation>整个计算图</translation>
    </message>
    <message>
      <source>whole numbers or true/false: they have no gradient</source>
      <translation>整数或真假值：没有梯度</translation>
    </message>
    <message>
      <source>whole tensor</source>
      <translation>整个张量</translation>
    </message>
    <message>
      <source>yes</source>
      <translation>是</translation>
    </message>
    <message>
      <source>your data: {file}</source>
      <translation>你的数据：{file}</translation>
    </message>
    <message>
      <source>your share of the disk is full.</source>
      <translation>您的磁盘配额已满。</translation>
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
      <source>zeros {count}</source>
      <translation>零 {count} 个</translation>
    </message>
    <message>
      <source>{amount} in all</source>
      <translation>共 {amount}</translation>
    </message>
    <message>
      <source>{amount} in all, until each call returned: the GPU works on behind them</source>
      <translation>共 {amount}，计到每次调用返回为止：GPU 在其后继续计算</translation>
    </message>
    <message>
      <source>{changed} of {count} values change</source>
      <translation>{count} 个值中有 {changed} 个改变</translation>
    </message>
    <message>
      <source>{code} cannot be seen: {name}.</source>
      <translation>{code} 看不见：{name}。</translation>
    </message>
    <message>
      <source>{count} backward passes could not be recorded. The program itself was not affected.</source>
      <translation>有 {count} 次反向传播无法记录。程序本身不受影响。</translation>
    </message>
    <message>
      <source>{count} backward passes ran inside a function transform (torch.func) and cannot be shown.</source>
      <translation>有 {count} 次反向传播在函数变换（torch.func）中运行，无法显示。</translation>
    </message>
    <message>
      <source>{count} closed districts</source>
      <translation>{count} 个收起的区域</translation>
    </message>
    <message>
      <source>{count} earlier lines are not kept</source>
      <translation>更早的 {count} 行没有保留</translation>
    </message>
    <message>
      <source>{count} elements</source>
      <translation>{count} 个元素</translation>
    </message>
    <message>
      <source>{count} more</source>
      <translation>另外 {count} 个</translation>
    </message>
    <message>
      <source>{count} more backward passes ran after the first {kept}; they are counted, not recorded.</source>
      <translation>前 {kept} 次之后又运行了 {count} 次反向传播；只计数，不记录。</translation>
    </message>
    <message>
      <source>{count} more characters of this line are kept but not shown.</source>
      <translation>这一行还有 {count} 个字符，已保留但不显示。</translation>
    </message>
    <message>
      <source>{count} nodes</source>
      <translation>{count} 个节点</translation>
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
      <source>{count} of the {all} entries of J are not zero: only there does {y} depend on {x}.</source>
      <translation>J 的 {all} 个元素中有 {count} 个不为零：{y} 只在这些位置依赖 {x}。</translation>
    </message>
    <message>
      <source>{count} open districts</source>
      <translation>{count} 个展开的区域</translation>
    </message>
    <message>
      <source>{count} other outputs add their own parts to the same vᵀJ.</source>
      <translation>另外 {count} 个输出也各自为同一个 vᵀJ 加上一份。</translation>
    </message>
    <message>
      <source>{count} parameters</source>
      <translation>{count} 个参数</translation>
    </message>
    <message>
      <source>{count} paths</source>
      <translation>{count} 条路径</translation>
    </message>
    <message>
      <source>{count} paths lead there.</source>
      <translation>共有 {count} 条路径通向那里。</translation>
    </message>
    <message>
      <source>{count} paths; these {shown} contribute most</source>
      <translation>共 {count} 条路径；下列 {shown} 条贡献最大</translation>
    </message>
    <message>
      <source>{count} replaced</source>
      <translation>已替换 {count} 处</translation>
    </message>
    <message>
      <source>{count} tensors under their names</source>
      <translation>{count} 个带名字的张量</translation>
    </message>
    <message>
      <source>{count} values were larger than the memory set aside: they have statistics and a picture.</source>
      <translation>有 {count} 个值超出预留内存：只有统计量和缩略图。</translation>
    </message>
    <message>
      <source>{device}: {reason}</source>
      <translation>{device}：{reason}</translation>
    </message>
    <message>
      <source>{done}/{count} nodes done</source>
      <translation>已完成 {done}/{count} 个节点</translation>
    </message>
    <message>
      <source>{file} can only be opened by running code that is in it, and that is never done.</source>
      <translation>打开 {file} 必须运行其中的代码，而本应用绝不这样做。</translation>
    </message>
    <message>
      <source>{file} cannot be read: {why}.</source>
      <translation>无法读取 {file}：{why}。</translation>
    </message>
    <message>
      <source>{file} could not be looked at: {why}</source>
      <translation>无法查看 {file}：{why}</translation>
    </message>
    <message>
      <source>{file} does not begin like any file of data this app can read.</source>
      <translation>{file} 的开头不像本应用能读取的任何数据文件。</translation>
    </message>
    <message>
      <source>{file} has no column of numbers.</source>
      <translation>{file} 中没有数字列。</translation>
    </message>
    <message>
      <source>{file} has no video in it, only sound or nothing.</source>
      <translation>{file} 中没有视频，只有声音或什么都没有。</translation>
    </message>
    <message>
      <source>{file} holds {dtype}, and torch has no tensors of that.</source>
      <translation>{file} 中的类型是 {dtype}，torch 没有这种类型的张量。</translation>
    </message>
    <message>
      <source>{file} is a folder or a device, not a file of data.</source>
      <translation>{file} 是文件夹或设备，不是数据文件。</translation>
    </message>
    <message>
      <source>{file} is damaged or not complete: {why}.</source>
      <translation>{file} 已损坏或不完整：{why}。</translation>
    </message>
    <message>
      <source>{file} is really {kind}, whatever its name says, and was read as that.</source>
      <translation>{file} 实际上是 {kind}，与文件名不符，已按实际格式读取。</translation>
    </message>
    <message>
      <source>{file} is the variable {name} from the next run on: {what}.</source>
      <translation>从下次运行起，{file} 就是变量 {name}：{what}。</translation>
    </message>
    <message>
      <source>{file} says it is a picture of more than {most} million pixels, so it was not opened.</source>
      <translation>{file} 自称是超过 {most} 百万像素的图片，因此没有打开。</translation>
    </message>
    <message>
      <source>{file} would take {size} GB of memory, so it was not opened.</source>
      <translation>{file} 将占用 {size} GB 内存，因此没有打开。</translation>
    </message>
    <message>
      <source>{file}: columns of text were left out: {columns}.</source>
      <translation>{file}：文字列已略去：{columns}。</translation>
    </message>
    <message>
      <source>{folder} is not a lesson: there is no lesson.md in it.</source>
      <translation>{folder} 不是课程：里面没有 lesson.md。</translation>
    </message>
    <message>
      <source>{function} returned a gradient of shape {got}, but its input has shape {wanted}.</source>
      <translation>{function} 返回的梯度形状为 {got}，但它的输入形状为 {wanted}。</translation>
    </message>
    <message>
      <source>{function} returned {got} gradients, but its forward took {wanted} arguments.</source>
      <translation>{function} 返回了 {got} 个梯度，但它的 forward 有 {wanted} 个参数。</translation>
    </message>
    <message>
      <source>{heading} (not retained)</source>
      <translation>{heading}（未保留）</translation>
    </message>
    <message>
      <source>{kind} cannot be answered.</source>
      <translation>无法回答 {kind}。</translation>
    </message>
    <message>
      <source>{letter}, shape {shape}</source>
      <translation>{letter}，形状 {shape}</translation>
    </message>
    <message>
      <source>{lines} lines of {points} numbers</source>
      <translation>{lines} 条线，每条 {points} 个数</translation>
    </message>
    <message>
      <source>{names} and {count} more</source>
      <translation>{names} 及另外 {count} 个</translation>
    </message>
    <message>
      <source>{names}: then summed over the axes it was broadcast along</source>
      <translation>{names}：再沿广播的轴求和</translation>
    </message>
    <message>
      <source>{name} (no backward yet)</source>
      <translation>{name}（尚未反向传播）</translation>
    </message>
    <message>
      <source>{name} already means something in Python or torch: choose another name for the data.</source>
      <translation>{name} 在 Python 或 torch 中已有含义：请为数据另取名字。</translation>
    </message>
    <message>
      <source>{name} cannot be a variable's name: use letters, digits and underscores, and no digit first.</source>
      <translation>{name} 不能作为变量名：只能用字母、数字和下划线，且不能以数字开头。</translation>
    </message>
    <message>
      <source>{name} cannot be opened: {reason}</source>
      <translation>无法打开 {name}：{reason}</translation>
    </message>
    <message>
      <source>{name} cannot be read any more: {reason}</source>
      <translation>{name} 已无法读取：{reason}</translation>
    </message>
    <message>
      <source>{name} cannot be the name of an axis: use letters, digits and underscores.</source>
      <translation>{name} 不能作轴的名称：请用字母、数字和下划线。</translation>
    </message>
    <message>
      <source>{name} could not be opened: {why}</source>
      <translation>无法打开 {name}：{why}</translation>
    </message>
    <message>
      <source>{name} could not be read within {seconds} seconds</source>
      <translation>{name} 未能在 {seconds} 秒内读完</translation>
    </message>
    <message>
      <source>{name} could not be saved: {why}</source>
      <translation>无法保存 {name}：{why}</translation>
    </message>
    <message>
      <source>{name} from {first} to {last}</source>
      <translation>{name}，从 {first} 到 {last}</translation>
    </message>
    <message>
      <source>{name} has become shorter since it was opened</source>
      <translation>{name} 打开之后变短了</translation>
    </message>
    <message>
      <source>{name} holds more tensors than this app can open: {count}</source>
      <translation>{name} 中的张量超过本应用能打开的数量：{count}</translation>
    </message>
    <message>
      <source>{name} is damaged: {why}</source>
      <translation>{name} 已损坏：{why}</translation>
    </message>
    <message>
      <source>{name} is larger than this app can open</source>
      <translation>{name} 太大，本程序无法打开</translation>
    </message>
    <message>
      <source>{name} is not UTF-8; it was read as Latin-1.</source>
      <translation>{name} 不是 UTF-8；已按 Latin-1 读取。</translation>
    </message>
    <message>
      <source>{name} is not a file.</source>
      <translation>{name} 不是文件。</translation>
    </message>
    <message>
      <source>{name} is not a recording of this app, but some other safetensors file</source>
      <translation>{name} 不是本程序的记录，而是其他 safetensors 文件</translation>
    </message>
    <message>
      <source>{name} is not a recording, or it is cut short</source>
      <translation>{name} 不是记录，或者文件不完整</translation>
    </message>
    <message>
      <source>{name} is not a recording: it is too short</source>
      <translation>{name} 不是记录：文件太短</translation>
    </message>
    <message>
      <source>{name} is not a recording: its header cannot be read ({error})</source>
      <translation>{name} 不是记录：无法读取文件头（{error}）</translation>
    </message>
    <message>
      <source>{name} is not a recording: its header is not a table</source>
      <translation>{name} 不是记录：文件头不是一个表</translation>
    </message>
    <message>
      <source>{name} is not a text file.</source>
      <translation>{name} 不是文本文件。</translation>
    </message>
    <message>
      <source>{name} is not an ordinary file</source>
      <translation>{name} 不是普通文件</translation>
    </message>
    <message>
      <source>{name} is not {encoding}, as it says it is.</source>
      <translation>{name} 声明为 {encoding}，但并不是。</translation>
    </message>
    <message>
      <source>{name} is still being written.</source>
      <translation>{name} 仍在写入。</translation>
    </message>
    <message>
      <source>{name} is too large to edit: {size} MB.</source>
      <translation>{name} 太大，无法编辑：{size} MB。</translation>
    </message>
    <message>
      <source>{name} was changed by another program. Overwrite it?</source>
      <translation>{name} 已被其他程序修改。要覆盖它吗？</translation>
    </message>
    <message>
      <source>{name} was not written: cancelled.</source>
      <translation>{name} 未写入：已取消。</translation>
    </message>
    <message>
      <source>{name} was saved by a newer version of this app (format {schema}); update to open it</source>
      <translation>{name} 由较新版本的本程序保存（格式 {schema}）；请更新后再打开</translation>
    </message>
    <message>
      <source>{name} were {value}</source>
      <translation> {name} 为 {value}</translation>
    </message>
    <message>
      <source>{name} {shape} has no elements, so J is empty: {rows} × {columns}.</source>
      <translation>{name} {shape} 没有元素，所以 J 为空：{rows} × {columns}。</translation>
    </message>
    <message>
      <source>{name}: use the selected node</source>
      <translation>{name}：使用所选节点</translation>
    </message>
    <message>
      <source>{name}{where} = {value}</source>
      <translation>{name}{where} = {value}</translation>
    </message>
    <message>
      <source>{node} compares positions, which are its last axis but one: {text}</source>
      <translation>{node} 比较各个位置，位置是它的倒数第二个轴：{text}</translation>
    </message>
    <message>
      <source>{node} could not be run again: {message}</source>
      <translation>{node} 无法再次运行：{message}</translation>
    </message>
    <message>
      <source>{node} gives its result in this order: {text}</source>
      <translation>{node} 的结果就是这个顺序：{text}</translation>
    </message>
    <message>
      <source>{node} looks up one row of numbers for each word: {text}</source>
      <translation>{node} 为每个词查出一行数：{text}</translation>
    </message>
    <message>
      <source>{node} made a gradient that is not finite, though all it received was.</source>
      <translation>{node} 收到的梯度全部有限，却产生了非有限的梯度。</translation>
    </message>
    <message>
      <source>{node} made {what} in {count} of {total} elements, the first at {where}, though all it received was finite.</source>
      <translation>{node} 收到的梯度全部有限，却在 {total} 个元素中的 {count} 个产生了 {what}，第一个在 {where}。</translation>
    </message>
    <message>
      <source>{node} normalises each channel, and channels are its second axis: {text}</source>
      <translation>{node} 对每个通道做归一化，通道是它的第二个轴：{text}</translation>
    </message>
    <message>
      <source>{node} runs along time, its first axis: {text}</source>
      <translation>{node} 沿时间运行，时间是它的第一个轴：{text}</translation>
    </message>
    <message>
      <source>{node} takes its input in this order: {text}</source>
      <translation>{node} 的输入就是这个顺序：{text}</translation>
    </message>
    <message>
      <source>{node} takes one row of scores for each example: {text}</source>
      <translation>{node} 为每个样本接收一行得分：{text}</translation>
    </message>
    <message>
      <source>{node} works over images or signals in this order: {text}</source>
      <translation>{node} 按这个顺序处理图像或信号：{text}</translation>
    </message>
    <message>
      <source>{number} of {total}</source>
      <translation>第 {number} 处，共 {total} 处</translation>
    </message>
    <message>
      <source>{number} · {text}</source>
      <translation>{number} · {text}</translation>
    </message>
    <message>
      <source>{n} tiles of {tall} by {wide}; the tensor is {shape}</source>
      <translation>{n} 块，每块 {tall} × {wide}；张量为 {shape}</translation>
    </message>
    <message>
      <source>{owner} has no {name}.</source>
      <translation>{owner} 没有 {name}。</translation>
    </message>
    <message>
      <source>{part} has a step, which is not supported: every element of a range is shown.</source>
      <translation>{part} 带有步长，这里不支持：范围中的每个元素都会显示。</translation>
    </message>
    <message>
      <source>{part} is not an index: write a number such as 3, a range such as 2:5, or a colon for everything.</source>
      <translation>{part} 不是索引：请写一个数（如 3）、一个范围（如 2:5），或用冒号表示全部。</translation>
    </message>
    <message>
      <source>{path} could not be read: {why}</source>
      <translation>无法读取 {path}：{why}</translation>
    </message>
    <message>
      <source>{path} could not be written: {reason}. What was there before is unchanged.</source>
      <translation>无法写入 {path}：{reason}。原有内容保持不变。</translation>
    </message>
    <message>
      <source>{path} has more than {most} paragraphs, lines of code and cells, which is too many for a lesson.</source>
      <translation>{path} 的段落、代码行和单元格超过 {most} 个，对课程来说太多了。</translation>
    </message>
    <message>
      <source>{path} is not read: a lesson shows only files inside its own folder.</source>
      <translation>没有读取 {path}：课程只显示自己文件夹里的文件。</translation>
    </message>
    <message>
      <source>{path} is not read: it is not a plain file.</source>
      <translation>没有读取 {path}：它不是普通文件。</translation>
    </message>
    <message>
      <source>{path} is not shown: a lesson has at most {most} pictures.</source>
      <translation>没有显示 {path}：一课最多有 {most} 张图片。</translation>
    </message>
    <message>
      <source>{path} is not shown: it has more than {most} million pixels.</source>
      <translation>没有显示 {path}：它超过 {most} 百万像素。</translation>
    </message>
    <message>
      <source>{path} is not shown: it is damaged.</source>
      <translation>没有显示 {path}：文件已损坏。</translation>
    </message>
    <message>
      <source>{path} is not shown: pictures of a lesson are PNG or JPEG.</source>
      <translation>没有显示 {path}：课程的图片须为 PNG 或 JPEG。</translation>
    </message>
    <message>
      <source>{path} is not text in UTF-8.</source>
      <translation>{path} 不是 UTF-8 文本。</translation>
    </message>
    <message>
      <source>{path} is too large for a lesson: it has more than {most} kB.</source>
      <translation>{path} 超过 {most} kB，对课程来说太大了。</translation>
    </message>
    <message>
      <source>{rank}-D</source>
      <translation>{rank} 维</translation>
    </message>
    <message>
      <source>{scale}×</source>
      <translation>{scale}×</translation>
    </message>
    <message>
      <source>{share} time</source>
      <translation>时间 {share}</translation>
    </message>
    <message>
      <source>{size} elements cannot be put into the shape {shape}.</source>
      <translation>{size} 个元素无法排成形状 {shape}。</translation>
    </message>
    <message>
      <source>{sum} against torch's gradient: {words}</source>
      <translation>{sum}与 torch 的梯度相比：{words}</translation>
    </message>
    <message>
      <source>{tall} rows and {wide} columns; the tensor is {shape}</source>
      <translation>{tall} 行 {wide} 列；张量为 {shape}</translation>
    </message>
    <message>
      <source>{text} are not two numbers with a comma between them.</source>
      <translation>{text} 不是用逗号隔开的两个数。</translation>
    </message>
    <message>
      <source>{total} found</source>
      <translation>找到 {total} 处</translation>
    </message>
    <message>
      <source>{what} of the {side}</source>
      <translation>{side}的{what}</translation>
    </message>
    <message>
      <source>{what} — of {count} nodes with a gradient</source>
      <translation>{what} — 共 {count} 个有梯度的节点</translation>
    </message>
    <message>
      <source>|gradient| / |value|</source>
      <translation>|梯度| / |值|</translation>
    </message>
    <message>
      <source>“{field}” cannot be compared by “{sign}”. Use one of: {signs}</source>
      <translation>“{field}”不能用“{sign}”比较。可用：{signs}</translation>
    </message>
    <message>
      <source>“{field}” cannot be “{value}”. It is one of: {choices}</source>
      <translation>“{field}”不能是“{value}”。可选：{choices}</translation>
    </message>
    <message>
      <source>“{field}” is a number, and “{value}” is none. For example: {example}</source>
      <translation>“{field}”是数值，而“{value}”不是。例如：{example}</translation>
    </message>
    <message>
      <source>“{field}” is known of a backward pass only: run one first.</source>
      <translation>只有反向传播才有“{field}”：请先运行一次。</translation>
    </message>
    <message>
      <source>“{field}” was not measured in this run.</source>
      <translation>本次运行没有测量“{field}”。</translation>
    </message>
    <message>
      <source>“{unit}” is no unit of “{field}”. Use one of: {units}</source>
      <translation>“{unit}”不是“{field}”的单位。可用：{units}</translation>
    </message>
    <message>
      <source>“{value}” is no size. A shape is written [64, 3, *]: * is any size, … any number of them.</source>
      <translation>“{value}”不是维度大小。形状写作 [64, 3, *]：* 表示任意大小，… 表示任意多个维度。</translation>
    </message>
    <message>
      <source>“{word}” is not a number.</source>
      <translation>“{word}”不是数字。</translation>
    </message>
    <message>
      <source>… {count} lines dropped …</source>
      <translation>……略去 {count} 行……</translation>
    </message>
    <message>
      <source>… {count} more characters</source>
      <translation>……另外 {count} 个字符</translation>
    </message>
    <message>
      <source>−Inf {count}</source>
      <translation>−Inf {count}</translation>
    </message>
  </context>
</TS>
